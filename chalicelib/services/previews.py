"""Previews: a page of a result or a source as a picture, the first rows of a workbook; made once, when asked for."""

import json
import logging
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path

from chalicelib.conversions import BY_ACTION
from chalicelib.conversions.spec import Worker
from chalicelib.domain.conversion import Conversion, Lane, StoredFile
from chalicelib.domain.errors import (
    ConvertProError,
    DocumentRefused,
    Gone,
    NotFound,
    PageOutOfRange,
    Unavailable,
    document_error,
)
from chalicelib.domain.ids import is_id
from chalicelib.domain.previews import DRAW, LAY_OUT, READ, SOURCE_PAGES, Step, source_preview_keys
from chalicelib.domain.users import User
from chalicelib.engines.job import InputFile, Job
from chalicelib.services import Service, conversions, run
from chalicelib.services.run import EngineRunner

LOOK_S = 0.2
PICTURES = ("jpg", "png", "gif", "bmp", "tiff", "webp", "heic")
_LAID_OUT = {kind: BY_ACTION[action] for action in ("docx_to_pdf", "pptx_to_pdf") for kind in BY_ACTION[action].accepts}
"""What LibreOffice has to lay out first, by the conversion that does."""

_ENGINES = {DRAW: "chalicelib.engines.preview.engine", READ: "chalicelib.engines.preview.rows"}
_MEDIA_TYPES = {LAY_OUT: "application/pdf", DRAW: "image/png", READ: "application/json"}

_log = logging.getLogger(__name__)


def obtain(service: Service, owner: User, conversion_id: str, of: str, page: int) -> tuple[str, str]:
    """A short-lived URL of a preview, which is made if it is not there yet, and when it expires.

    Raises ``NotFound`` (also beyond the last page), ``Gone``, ``Conflict``, ``DocumentRefused``, ``Unavailable``.
    """
    conversion = service.store.conversions.get(conversion_id) if is_id(conversion_id) else None
    if conversion is None or conversion.owner_id != owner.user_id:
        raise NotFound("There is no such conversion.")
    file = _file(service, conversion, of, page)
    deadline = time.monotonic() + service.settings.longest_wait_s
    steps = _steps(conversion_id, of, file.kind, page)
    for step in steps:
        _await(service, step, deadline)
    last = steps[-1]
    suffix = "json" if last.what == READ else "png"
    return conversions.presigned(service, last.key, f"{file.name}.{page}.{suffix}", _MEDIA_TYPES[last.what])


def make(service: Service, engines: EngineRunner, step: Step) -> None:
    """Make what a step asks for, unless it is there; why it can't be made is told beside it."""
    files = service.store.files
    conversion = service.store.conversions.get(step.conversion_id)
    if conversion is None or files.stat(step.key):
        return
    try:
        with tempfile.TemporaryDirectory(prefix="preview-") as folder:
            job = _job(service, conversion, step, Path(folder))
            engines.run(_engine(job, step), job, lambda *_: None, threading.Event())
            files.put_file(step.key, job.output, _MEDIA_TYPES[step.what])
    except (DocumentRefused, Gone) as error:
        files.put(step.problem_key, json.dumps({"code": error.code, "detail": error.detail}).encode())
    except ConvertProError:
        _log.warning("a preview was not made", exc_info=True)  # who waits asks again
    if step.of == "source" and not _is_open(service, step.conversion_id):
        files.delete(source_preview_keys(step.conversion_id))


def step_of(message: dict[str, object]) -> Step | None:
    """The step that a worker's message asks for, if it asks for one."""
    asked = message.get("preview")
    return Step(**asked) if isinstance(asked, dict) else None


def _file(service: Service, conversion: Conversion, of: str, page: int) -> StoredFile:
    if of == "result":
        conversions.download_url(service, conversion)  # raises what a download would
        assert conversion.result
        return conversion.result.file
    if not conversion.is_open:
        raise Gone("The source is deleted when its conversion ends.")
    if page > SOURCE_PAGES:
        raise NotFound(f"Of a source the first {SOURCE_PAGES} pages have previews.")
    if _is_album(conversion):
        if page > len(conversion.inputs):
            raise NotFound(f"There is no page {page}: {len(conversion.inputs)} files were sent.")
        return conversion.inputs[page - 1]
    return conversion.inputs[0]


def _is_album(conversion: Conversion) -> bool:
    """Whether each input is a page of its own."""
    return len(conversion.inputs) > 1


def _steps(conversion_id: str, of: str, kind: str, page: int) -> list[Step]:
    """What has to be there, in order."""
    draw = Step(conversion_id, of, DRAW, page)
    if kind == "xlsx":
        if page > 1:
            raise NotFound("A workbook has no pages: its first rows are page 1.")
        return [Step(conversion_id, of, READ)]
    if kind in _LAID_OUT:
        return [Step(conversion_id, of, LAY_OUT), draw]
    if kind == "pdf" or kind in PICTURES:
        return [draw]
    raise NotFound(f"There is no preview of a file of kind {kind}.")


def _await(service: Service, step: Step, deadline: float) -> None:
    files = service.store.files
    asked = False
    while files.stat(step.key) is None:
        if files.stat(step.problem_key):
            told = json.loads(files.get(step.problem_key))
            if told["code"] == PageOutOfRange.code:
                raise NotFound(told["detail"])
            raise document_error(told["code"], told["detail"]) if told["code"] != Gone.code else Gone(told["detail"])
        if not asked:
            worker = Worker.LIGHT if step.what == DRAW else Worker.DOCUMENTS
            service.store.queues.ask(worker, Lane.INTERACTIVE, {"preview": asdict(step)})
            asked = True
            continue
        if time.monotonic() > deadline:
            raise Unavailable("The preview is not ready yet; ask again in a moment.")
        time.sleep(LOOK_S)


def _job(service: Service, conversion: Conversion, step: Step, folder: Path) -> Job:
    file, page = _input(conversion, step)
    if not service.store.files.stat(file.key):
        raise Gone("The file is not there any more.")
    path = folder / f"input.{file.kind}"
    service.store.files.fetch(file.key, path)
    (folder / "work").mkdir()
    spec = _LAID_OUT.get(file.kind)
    options = spec.options().for_engine() if spec and step.what == LAY_OUT else {"page": page}
    return Job(
        action=spec.action if spec else "preview",
        inputs=(InputFile(path, file.name, file.kind),),
        output=folder / f"output.{step.key.rpartition('.')[2]}",
        workdir=folder / "work",
        options=options,
        limits=run.limits(service.settings, Worker.LIGHT if step.what == DRAW else Worker.DOCUMENTS),
    )


def _input(conversion: Conversion, step: Step) -> tuple[StoredFile, int]:
    """The file that a step works on, and the page of it."""
    if step.of == "result":
        if conversion.result is None:
            raise Gone("The result is not there any more.")
        file, page = conversion.result.file, step.page
    elif _is_album(conversion):
        file, page = conversion.inputs[step.page - 1], 1
    else:
        file, page = conversion.inputs[0], step.page
    if step.what == DRAW and file.kind in _LAID_OUT:
        laid_out = Step(step.conversion_id, step.of, LAY_OUT).key
        return StoredFile(laid_out, file.name, "pdf", 0), page
    return file, page


def _engine(job: Job, step: Step) -> str:
    return _LAID_OUT[job.inputs[0].kind].engine if step.what == LAY_OUT else _ENGINES[step.what]


def _is_open(service: Service, conversion_id: str) -> bool:
    conversion = service.store.conversions.get(conversion_id)
    return conversion is not None and conversion.is_open
