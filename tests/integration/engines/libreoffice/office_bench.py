"""Runs the LibreOffice engine on a document and reads its result back."""

import functools
import json
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from chalicelib.engines.job import InputFile, Job, Limits, Outcome
from chalicelib.engines.process import EngineProcess

ROOT = Path(__file__).parents[4]
FONTS = ROOT / ".engines" / "fonts"
SYSTEM_PYTHON = "/usr/bin/python3"
"""Distributions install ``uno`` for this one alone."""

PASSWORD = "geheim"
"""Of every document that is encrypted."""

_ACTIONS = {
    **dict.fromkeys(("xlsx", "xls", "ods", "csv"), "excel_to_pdf"),
    **dict.fromkeys(("pptx", "ppt", "odp"), "pptx_to_pdf"),
}
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


@functools.cache
def soffice() -> str:
    """The installed soffice."""
    found = shutil.which("soffice")
    assert found, "these tests need LibreOffice and python3-uno"
    return found


def server_command(*more: str) -> tuple[str, ...]:
    """What starts the engine."""
    fonts = ("--fonts", str(FONTS)) if FONTS.exists() else ()
    return (SYSTEM_PYTHON, "-m", "chalicelib.engines.libreoffice.server", "--soffice", soffice(), *fonts, *more)


@dataclass(frozen=True)
class Converted:
    """A result: the PDF and what the engine said of it."""

    outcome: Outcome
    path: Path

    @property
    def reader(self) -> PdfReader:
        """The PDF."""
        return PdfReader(self.path)

    @property
    def pages(self) -> int:
        """Counted by another library."""
        return len(self.reader.pages)

    @property
    def text(self) -> str:
        """Of all pages, without line ends."""
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    def place_of(self, word: str) -> tuple[float, float]:
        """Where the first letters that hold a word begin on the first page, in points from its foot's left end."""
        found: list[tuple[float, float]] = []

        def see(text: str, _cm: list[float], tm: list[float], *_: object) -> None:
            if word in text:
                found.append((tm[4], tm[5]))

        self.reader.pages[0].extract_text(visitor_text=see)
        return found[0]

    @property
    def images(self) -> int:
        """Embedded raster images."""
        return sum(len(page.images) for page in self.reader.pages)

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Width and height of each page in millimetres."""
        boxes = [page.mediabox for page in self.reader.pages]
        return [(round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) for box in boxes]

    @property
    def warnings(self) -> tuple[str, ...]:
        """All but the one about fonts, which depends on the machine."""
        return tuple(text for text in self.outcome.warnings if not text.startswith("Fonts"))


@dataclass
class OfficeBench:
    """The warm engine with a directory for one test."""

    engine: EngineProcess
    folder: Path

    def convert(
        self,
        source: Path,
        *,
        kind: str | None = None,
        password: str | None = None,
        limits: Limits | None = None,
        name: str | None = None,
        **options: Any,
    ) -> Converted:
        """Convert ``source``; its extension is its kind unless told."""
        kind = kind or source.suffix[1:]
        action = _ACTIONS.get(kind, "docx_to_pdf")
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        output = self.folder / "result.pdf"
        given = InputFile(source, name or source.name, kind)
        job = Job(action, (given,), output, work, options, password, limits or Limits())
        return Converted(self.engine.run(job, lambda *_: None, threading.Event()), output)


def store_as(*requests: tuple[Path, str, str, Path, str | None]) -> None:
    """Store documents in other formats: (source, its kind, LibreOffice's filter, target, password)."""
    rows = [[str(source), kind, name, str(target), password] for source, kind, name, target, password in requests]
    program = Path(__file__).with_name("store_as.py")
    command = [SYSTEM_PYTHON, str(program), soffice()]
    subprocess.run(command, input=json.dumps(rows).encode(), env=_ENVIRONMENT, check=True, timeout=120)
