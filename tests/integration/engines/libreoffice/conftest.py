"""One warm LibreOffice for all its tests, and documents in formats that only LibreOffice writes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.engines.process import EngineProcess
from tests.integration.engines.libreoffice import samples
from tests.integration.engines.libreoffice.office_bench import ROOT, OfficeBench, server_command, store_as

PASSWORD = "geheim"

_WRITER = {"docx": "MS Word 2007 XML", "doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format"}
_CALC = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


@pytest.fixture(scope="session")
def libreoffice() -> Iterator[EngineProcess]:
    """The engine, started once."""
    engine = EngineProcess("libreoffice", server_command(), ROOT)
    yield engine
    engine.close()


@pytest.fixture
def office(libreoffice: EngineProcess, tmp_path: Path) -> OfficeBench:
    """The engine for one test."""
    return OfficeBench(libreoffice, tmp_path)


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
