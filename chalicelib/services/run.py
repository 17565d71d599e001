"""Run: a worker takes a conversion, hands it to its engine, and settles it; safe to repeat at any point."""

import hashlib
import logging
import tempfile
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ulid import ULID

from chalicelib.conversions import BY_ACTION
from chalicelib.conversions.spec import OCR_ENGINE, ConversionSpec, Worker
from chalicelib.domain.conversion import Conversion, Lease, Result, StoredFile
from chalicelib.domain.errors import (
    ConversionFailed,
    ConversionInterrupted,
    ConversionTimeout,
    ConvertProError,
    EngineCrashed,
    ServiceFailure,
)
from chalicelib.domain.filekinds import HEAD_BYTES, KINDS, renamed, sniff
from chalicelib.domain.row_size import fitting
from chalicelib.engines.job import InputFile, Job, Limits, Outcome, Progress
from chalicelib.observability import CORRELATION_ID, Stopwatch
from chalicelib.services import Service, line, secret_options, settle
from chalicelib.services.accept import secret_key
from chalicelib.services.heartbeat import Heartbeat
from chalicelib.services.incoming import TAIL_BYTES
from chalicelib.settings import Settings

_PROCESSORS = 2
_LEAST_STEP_S = 1.0
"""An engine that has no time left says so itself, in its own words."""

_log = logging.getLogger(__name__)


class EngineRunner(Protocol):
    """What runs a job: ``engines.process.Engines``."""

    def run(self, engine: str, job: Job, on_progress: Progress, cancelled: threading.Event) -> Outcome:
        """Run ``job`` on ``engine``; raises ``ConvertProError``."""


def run(service: Service, engines: EngineRunner, conversion_id: str) -> None:
    """Convert and settle, if the conversion is open and nobody else has it. A second delivery does nothing."""
    CORRELATION_ID.set(conversion_id)
    owner = str(ULID())
    until = service.now_s() + service.settings.lease_s
    lease = Lease(owner, until, service.settings.max_attempts)
    conversion = service.store.conversions.claim(conversion_id, lease, service.now_s())
    if conversion is None:
        _log.info("not taken: ended, or another worker has it")
        settle.tidy(service, conversion_id)
        return
    with (
        Heartbeat(service, conversion_id, owner) as heartbeat,
        tempfile.TemporaryDirectory(prefix="job-") as folder,
    ):
        try:
            result = _convert(service, engines, conversion, Path(folder), heartbeat)
        except ConvertProError as error:
            _end_attempt(service, conversion, error)
        except Exception as error:  # noqa: BLE001 - logged; the attempt ends as ours to mend
            if heartbeat.lost.is_set():
                _log.warning("lease lost, left to its new holder")
                return
            _log.exception("attempt failed")
            _end_attempt(service, conversion, _interrupted(error))
        else:
            settle.succeed(service, conversion, owner, result)


def _end_attempt(service: Service, conversion: Conversion, error: ConvertProError) -> None:
    """Fail for good, or give the lease back for another attempt when the fault was ours."""
    retry = isinstance(error, ServiceFailure) and conversion.lease.attempts < service.settings.max_attempts
    if retry and conversion.lease.owner:
        service.store.conversions.release(conversion.conversion_id, conversion.lease.owner, service.now_s())
    else:
        settle.fail(service, conversion, _told_of_strikes(error))
    extra = {"code": error.code, "retry": retry}
    _log.info("attempt ended: %s", error.detail, extra=extra, exc_info=error.__cause__)


def _told_of_strikes(error: ConvertProError) -> ConvertProError:
    """Who uses up a worker's time is told what comes of it."""
    if not isinstance(error, ConversionTimeout):
        return error
    hint = f"After {line.STRIKES} such documents within an hour yours are converted one at a time, until one succeeds."
    told = ConversionTimeout(f"{error.detail} {hint}")
    told.__cause__ = error.__cause__
    return told


def _interrupted(cause: Exception) -> ConversionInterrupted:
    error = settle.interrupted()
    error.__cause__ = cause
    return error


def _convert(
    service: Service, engines: EngineRunner, conversion: Conversion, folder: Path, heartbeat: Heartbeat
) -> Result:
    spec = BY_ACTION[conversion.action]
    claimed_s = service.now_s()
    stopwatch = Stopwatch()
    job = _job(service, spec, conversion, folder)
    stopwatch.lap("fetch")
    outcome = _run_steps(engines, spec, job, heartbeat)
    stopwatch.lap("engine")
    kind = spec.output_kind(conversion.options)
    _check_output(job.output, kind)
    stored = StoredFile(
        key=conversion.result_key(conversion.lease.attempts),
        name=renamed(conversion.inputs[0].name, kind),
        kind=kind,
        size=job.output.stat().st_size,
    )
    with job.output.open("rb") as output:
        digest = hashlib.file_digest(output, "sha256").hexdigest()
    service.store.files.put_file(stored.key, job.output, KINDS[kind].media_type)
    stopwatch.lap("store")
    queued_s = claimed_s - datetime.fromisoformat(conversion.created_at).timestamp()
    steps = {"queue": round(queued_s * 1000, 1)} | stopwatch.laps
    report = outcome.report | {"milliseconds": round(stopwatch.laps["engine"]), "steps_milliseconds": steps}
    return Result(stored, digest, *fitting(outcome.warnings, report))


def _run_steps(engines: EngineRunner, spec: ConversionSpec, job: Job, heartbeat: Heartbeat) -> Outcome:
    """Run the conversion's engines in turn, each on what the one before wrote, within one time."""
    *earlier, last = spec.steps(job.options)
    until, warnings, report = time.monotonic() + job.limits.timeout_s, list[str](), dict[str, Any]()
    for number, engine in enumerate(earlier):
        between = job.output.with_name(f"step-{number}.pdf")
        outcome = _run_engine(engines, engine, replace(job, output=between, limits=_limits_of(engine, job)), heartbeat)
        warnings += outcome.warnings
        report |= outcome.report
        left_s = max(_LEAST_STEP_S, until - time.monotonic())
        given = (InputFile(between, job.inputs[0].name, "pdf"),)
        job = replace(job, inputs=given, limits=replace(job.limits, timeout_s=left_s))
    outcome = _run_engine(engines, last, replace(job, limits=_limits_of(last, job)), heartbeat)
    return Outcome((*warnings, *outcome.warnings), report | outcome.report)


def _limits_of(engine: str, job: Job) -> Limits:
    """Reading scans is nothing but computing: it gets all the processor time that there is in the time."""
    return replace(job.limits, cpu_s=job.limits.timeout_s * _PROCESSORS) if engine == OCR_ENGINE else job.limits


def _run_engine(engines: EngineRunner, engine: str, job: Job, heartbeat: Heartbeat) -> Outcome:
    """Run the job; a crash is worth one more try in a fresh process, a second one is the document's doing."""
    try:
        return engines.run(engine, job, heartbeat.report, heartbeat.lost)
    except EngineCrashed:
        _log.warning("engine crashed, trying once more", exc_info=True)
    try:
        return engines.run(engine, job, heartbeat.report, heartbeat.lost)
    except EngineCrashed as error:
        raise ConversionFailed(
            "This document made the converter stop twice; it may be damaged. Save it anew and try again."
        ) from error


def _job(service: Service, spec: ConversionSpec, conversion: Conversion, folder: Path) -> Job:
    inputs = []
    for number, file in enumerate(conversion.inputs):
        path = folder / f"input-{number}.{file.kind}"
        service.store.files.fetch(file.key, path)
        inputs.append(InputFile(path, file.name, file.kind))
    workdir = folder / "work"
    workdir.mkdir()
    password = None
    if conversion.has_secret:
        password = secret_options.read(service, secret_key(conversion.conversion_id))
    return Job(
        action=conversion.action,
        inputs=tuple(inputs),
        output=folder / f"output.{spec.output_kind(conversion.options)}",
        workdir=workdir,
        options=_completed(service.settings, spec, conversion.options),
        password=password,
        limits=limits(service.settings, spec.worker_for(conversion.options)),
    )


def _completed(settings: Settings, spec: ConversionSpec, options: dict[str, Any]) -> dict[str, Any]:
    """``options``, with what was left out and a setting decides."""
    defaults = {name: getattr(settings, setting) for name, setting in spec.defaults_from_settings.items()}
    return options | {name: value for name, value in defaults.items() if options.get(name) is None}


def limits(settings: Settings, worker: Worker) -> Limits:
    """The ceilings of one engine run on ``worker``."""
    timeout_s, cpu_s = {
        Worker.LIGHT: (settings.light_timeout_s, settings.light_cpu_s),
        Worker.DOCUMENTS: (settings.documents_timeout_s, settings.documents_cpu_s),
        Worker.BACKGROUND: (settings.background_timeout_s, settings.background_cpu_s),
    }[worker]
    return Limits(
        timeout_s=timeout_s,
        cpu_s=cpu_s,
        page_cpu_s=settings.page_cpu_s,
        memory_bytes=settings.engine_memory_bytes,
        output_bytes=settings.max_output_bytes,
        pdf_pages=settings.max_pdf_pages,
        image_pixels=settings.max_image_pixels,
        image_frames=settings.max_image_frames,
        zip_entries=settings.max_zip_entries,
        zip_bytes=settings.max_zip_bytes,
        zip_ratio=settings.max_zip_ratio,
    )


def _check_output(path: Path, kind: str) -> None:
    """Raise ``ConversionFailed`` unless the engine left a file of the promised kind."""
    size = path.stat().st_size if path.is_file() else 0
    if size:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            file.seek(max(0, size - TAIL_BYTES))
            if kind in sniff(head, file.read(), path.name).candidates:
                return
    raise ConversionFailed("The converter wrote no usable result for this document; it may be damaged.")
