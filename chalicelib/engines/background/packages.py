"""Importing a module of a package without the rest of the package, which its ``__init__`` would import."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def enter(name: str) -> None:
    """Make package ``name`` (dotted) known without running it, so that only what is asked of it is imported.

    rembg's ``__init__`` imports pymatting, and pymatting's all of its algorithms, which numba compiles for a minute.
    """
    parent, _, last = name.rpartition(".")
    if parent:
        enter(parent)
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = _folders(parent, last)
        sys.modules[name] = package


def _folders(parent: str, last: str) -> list[str]:
    if parent:
        return [str(Path(folder, last)) for folder in sys.modules[parent].__path__]
    spec = importlib.util.find_spec(last)
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError(f"No package named {last!r}", name=last)
    return list(spec.submodule_search_locations)
