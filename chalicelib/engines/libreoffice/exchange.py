"""The directory through which documents reach soffice and results leave it: the only files that a URL can name."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePath

from chalicelib.engines.job import InputFile, Job


@contextmanager
def exchanged(job: Job, directory: Path) -> Iterator[Job]:
    """The job with its input, work directory and result below ``directory``; the result is moved out at the end.

    The input has the name that it was sent with: fields and page headers print it.
    """
    place = Path(tempfile.mkdtemp(dir=directory))
    try:
        source = job.inputs[0]
        (place / "in").mkdir()
        inside = InputFile(_placed(source, place / "in"), source.name, source.kind)
        yield replace(job, inputs=(inside,), workdir=place, output=place / "result.pdf")
        shutil.move(place / "result.pdf", job.output)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _placed(source: InputFile, directory: Path) -> Path:
    """A link, else a copy; under a plain name where the document's is none that a file can have."""
    for name in (PurePath(source.name.replace("\\", "/")).name, f"document.{source.kind}"):
        path = directory / name
        try:
            path.hardlink_to(source.path)
        except (OSError, ValueError):
            try:
                shutil.copyfile(source.path, path)
            except (OSError, ValueError):
                continue
        return path
    raise FileNotFoundError(source.path)
