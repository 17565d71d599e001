"""The Lambda handler of every conversion queue: a message names a conversion to run."""

from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.conversions import CATALOGUE
from chalicelib.engines import jail
from chalicelib.engines.process import Engines
from chalicelib.services import Service, open_service, previews, run
from chalicelib.settings import Settings
from chalicelib.workers import records

PROJECT_ROOT = Path(__file__).resolve().parents[2]


@cache
def _service() -> Service:
    return open_service()


@cache
def _engines() -> Engines:
    """This process's engines. Protected first: a child may never read the role's credentials from its parent."""
    jail.protect_this_process()
    settings = _service().settings
    return Engines(
        settings.engines_home,
        PROJECT_ROOT,
        soffice=str(settings.soffice),
        uno_python=str(settings.uno_python),
        extra_environment=_told(settings),
    )


def _told(settings: Settings) -> dict[str, dict[str, str]]:
    """What engines must be told beyond their job: their environment is scrubbed."""
    told = {
        "U2NET_HOME": settings.models_home and str(settings.models_home),
        # Where the image's compiled matting lies, and for which processor; without them a job compiles it anew.
        "NUMBA_CACHE_DIR": settings.numba_cache_dir,
        "NUMBA_CPU_NAME": settings.numba_cpu_name,
    }
    return {"chalicelib.engines.background.engine": {name: value for name, value in told.items() if value}}


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Run each record's conversion, or make the preview that it asks for."""
    return records.each(event, _take)


def _take(message: dict[str, Any]) -> None:
    step = previews.step_of(message)
    if step:
        previews.make(_service(), _engines(), step)
    else:
        run.run(_service(), _engines(), message["conversion_id"])


def warm(worker: str) -> None:
    """Start the engines of ``worker``, so that the first conversion meets them running."""
    for engine in {engine for spec in CATALOGUE if spec.worker == worker for engine in spec.steps({"ocr": "auto"})}:
        _engines().warm(engine)
