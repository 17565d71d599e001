"""One warm LibreOffice for its tests."""

from pathlib import Path

import pytest

from chalicelib.engines.process import EngineProcess
from tests.integration.engines.libreoffice.office_bench import OfficeBench


@pytest.fixture
def office(libreoffice: EngineProcess, tmp_path: Path) -> OfficeBench:
    """The engine for one test."""
    return OfficeBench(libreoffice, tmp_path)
