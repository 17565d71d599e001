"""Runs the engine that removes pages, and reads what came out with nothing left in the dark."""

import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

from chalicelib.engines.job import InputFile, Job, Limits, Outcome
from chalicelib.engines.process import Engines


@dataclass
class PageBench:
    """``progress`` collects what the engine reports."""

    engines: Engines
    home: Path
    progress: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def output(self) -> Path:
        return self.home / "output.pdf"

    def run(
        self,
        data: bytes,
        pages: str | None = None,
        *,
        password: str | None = None,
        limits: Limits | None = None,
        remove_blank: bool = False,
    ) -> Outcome:
        """Remove ``pages`` from the PDF ``data``."""
        source = self.home / "input.pdf"
        source.write_bytes(data)
        options = {"pages": pages, "remove_blank": remove_blank}
        inputs = (InputFile(source, source.name, "pdf"),)
        job = Job("pdf_page_remove", inputs, self.output, self.home, options, password, limits or Limits(timeout_s=60))
        return self.engines.run(
            "chalicelib.engines.pages.engine", job, lambda *step: self.progress.append(step), threading.Event()
        )

    def result(self) -> PdfReader:
        return PdfReader(self.output, strict=True)

    def texts(self) -> list[str]:
        """The text of each page."""
        return [page.extract_text().strip() for page in self.result().pages]

    def everything(self) -> bytes:
        """The file, and every object in it in the clear, also those that nothing refers to."""
        reader = self.result()
        raw = self.output.read_bytes()
        numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
        parts = [raw]
        for number in sorted(numbers):
            value = reader.get_object(IndirectObject(number, 0, reader))
            parts.append(repr(value).encode())
            if isinstance(value, StreamObject):
                parts.append(value.get_data())
        return b"\n".join(parts)

    def dangling(self) -> list[Any]:
        """References of the file to objects that it does not have."""
        reader = self.result()
        present = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
        named = {int(number) for number in re.findall(rb"(\d+) 0 R\b", self.everything())}
        return sorted(named - present)
