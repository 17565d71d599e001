"""The real engines, each in its own environment, started once for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pillow_heif
import pytest

from chalicelib.engines.process import Engines
from tests.integration.engines.image_files import ENGINES_HOME, MODELS_HOME, ROOT, Bench

pillow_heif.register_heif_opener()


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """Engines that start when first needed."""
    environment = {"chalicelib.engines.background": {"U2NET_HOME": str(MODELS_HOME)}}
    engines = Engines(ENGINES_HOME, ROOT, extra_environment=environment)
    yield engines
    engines.close()


@pytest.fixture
def bench(engines: Engines, tmp_path: Path) -> Bench:
    """Image to PDF."""
    return Bench(engines, "chalicelib.engines.images", "image_to_pdf", tmp_path)


@pytest.fixture
def cutter(engines: Engines, tmp_path: Path) -> Bench:
    """Remove background."""
    return Bench(engines, "chalicelib.engines.background", "remove_background", tmp_path)
