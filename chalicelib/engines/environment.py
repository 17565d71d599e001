"""The environment variables that an engine gets."""

import sysconfig
from pathlib import Path

_PATH = "/usr/local/bin:/usr/bin:/bin"


def scrubbed_environment(home: Path, project_root: Path) -> dict[str, str]:
    """All that an engine inherits: nothing of the worker's own environment, which holds its credentials.

    ``home`` is private to the engine's process. Lambda's Python finds its own library by LD_LIBRARY_PATH
    only.
    """
    (home / "tmp").mkdir()
    environment = {
        "PATH": _PATH,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "PYTHONPATH": str(project_root),
    }
    # Debian's own Python finds its library unaided; LD_LIBRARY_PATH there would lead pyuno to the wrong ones.
    shared = sysconfig.get_config_var("Py_ENABLE_SHARED")
    if shared and not str(sysconfig.get_config_var("LIBDIR")).startswith("/usr/lib"):
        environment["LD_LIBRARY_PATH"] = str(sysconfig.get_config_var("LIBDIR"))
    return environment
