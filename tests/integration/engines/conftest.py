"""The real engines, each in its own environment, started once for all tests."""

from collections.abc import Iterator
from pathlib import Path

import pillow_heif
import pytest

from chalicelib.engines.process import EngineProcess, Engines
from tests.integration.engines.image_files import ENGINES_HOME, MODELS_HOME, ROOT, Bench
from tests.integration.engines.libreoffice import presentations, samples
from tests.integration.engines.libreoffice.office_bench import PASSWORD, server_command, store_as

pillow_heif.register_heif_opener()

_WRITER = {"docx": "MS Word 2007 XML", "doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format"}
_CALC = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """Engines that start when first needed."""
    environment = {"chalicelib.engines.background.engine": {"U2NET_HOME": str(MODELS_HOME)}}
    engines = Engines(ENGINES_HOME, ROOT, extra_environment=environment)
    yield engines
    engines.close()


@pytest.fixture(scope="session")
def libreoffice() -> Iterator[EngineProcess]:
    """LibreOffice, started once."""
    engine = EngineProcess("libreoffice", server_command(), ROOT)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """``report.<kind>`` and ``table.<kind>`` in every format, and ``locked.<kind>`` with a password."""
    folder = tmp_path_factory.mktemp("stored")
    text, table = folder / "source.docx", folder / "source.xlsx"
    samples.report(text)
    samples.workbook(table, {"Sales": [["Item", "Price"], ["Lamp", 12.5]]})
    files: dict[str, Path] = {}
    requests: list[tuple[Path, str, str, Path, str | None]] = []
    for source, kind, stem, filters in ((text, "docx", "report", _WRITER), (table, "xlsx", "table", _CALC)):
        for target, name in filters.items():
            plain, locked = folder / f"{stem}.{target}", folder / f"locked.{target}"
            files |= {plain.name: plain, locked.name: locked}
            requests.append((source, kind, name, plain, None))
            if target != "rtf":
                requests.append((source, kind, name, locked, PASSWORD))
    store_as(*requests)
    return files


@pytest.fixture(scope="session")
def talks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three slides with notes and a hidden one, by format."""
    return presentations.talks(tmp_path_factory.mktemp("talks"))


@pytest.fixture
def bench(engines: Engines, tmp_path: Path) -> Bench:
    """Image to PDF."""
    return Bench(engines, "chalicelib.engines.images.engine", "image_to_pdf", tmp_path)


@pytest.fixture
def cutter(engines: Engines, tmp_path: Path) -> Bench:
    """Remove background, by the quick model: what is tested here is mostly the same with every one."""
    return Bench(engines, "chalicelib.engines.background.engine", "remove_background", tmp_path, {"model": "fast"})
