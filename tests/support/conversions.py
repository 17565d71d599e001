"""Handing documents in by HTTP or by the service, and a worker that ends what was handed in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from chalicelib.conversions import BY_SLUG
from chalicelib.domain.conversion import Conversion, Lane
from chalicelib.domain.users import User
from chalicelib.engines.job import Job, Outcome
from chalicelib.services import Service, accept, run
from chalicelib.services.incoming import SentFile
from chalicelib.services.submission import Submission
from chalicelib.store.queues import Depth
from tests.support.fakes import ScriptedEngines
from tests.support.gateway import Gateway
from tests.support.samples import sample

SLUG = "remove-pages-from-pdf"
ROUTE = f"/api/v3/conversions/{SLUG}"
REQUIRED_OPTIONS = {"remove-pages-from-pdf": {"pages": "1"}}
ASYNC = {"Prefer": "respond-async"}

Act = Callable[[Job], Outcome | None]


def upload(slug: str = SLUG) -> tuple[str, bytes]:
    """Name and bytes of a document that ``slug`` accepts."""
    kind = BY_SLUG[slug].accepts[0]
    return f"document.{kind}", sample(kind)


def post_document(
    gateway: Gateway,
    token: str | None,
    slug: str = SLUG,
    files: Sequence[tuple[str, bytes]] | None = None,
    headers: Mapping[str, str] | None = None,
    **options: str,
) -> httpx.Response:
    """Hand documents in; without ``Prefer`` among ``headers`` the answer does not wait."""
    parts = [("file", (name, body, "application/octet-stream")) for name, body in files or [upload(slug)]]
    fields = options or REQUIRED_OPTIONS.get(slug, {})
    return gateway.post(
        f"/api/v3/conversions/{slug}", token, headers=ASYNC | dict(headers or {}), files=parts, data=fields
    )


def hand_in(
    service: Service,
    user: User,
    body: bytes | None = None,
    key: str | None = None,
    slug: str = SLUG,
    **options: Any,
) -> accept.Accepted:
    """Hand a document in without HTTP."""
    return accept.accept(service, user, submission(body, slug, **options), key)


def submission(body: bytes | None = None, slug: str = SLUG, **options: Any) -> Submission:
    """A document as it is handed in."""
    name, document = upload(slug)
    file = SentFile(name, document if body is None else body)
    return Submission(BY_SLUG[slug], [file], options or REQUIRED_OPTIONS.get(slug, {}))


def write_sample(job: Job) -> Outcome:
    """What a good engine does: a result of the promised kind, and the truth about it."""
    job.output.write_bytes(sample(job.output.suffix[1:]))
    return Outcome(("Page 2 is a scan.",), {"engine": "scripted", "engine_version": "1", "pages_in": 2, "pages_out": 2})


def raising(error: Exception) -> Act:
    """What an engine does that ends with ``error``."""

    def act(_job: Job) -> Outcome:
        raise error

    return act


def work(service: Service, conversion_id: str, act: Act = write_sample) -> Conversion:
    """Let a worker take the conversion once; the row as it stands then."""
    run.run(service, ScriptedEngines(act), conversion_id)
    return row(service, conversion_id)


def row(service: Service, conversion_id: str) -> Conversion:
    """The row as it stands."""
    found = service.store.conversions.get(conversion_id)
    assert found
    return found


class WorkingQueues:
    """Queues whose worker has done its work before ``send`` returns."""

    def __init__(self, service: Service, act: Act = write_sample) -> None:
        self._service = service
        self._act = act

    def send(self, _worker: str, _lane: Lane, conversion_id: str) -> None:
        """Run the conversion now."""
        work(self._service, conversion_id, self._act)

    def depths(self) -> list[Depth]:
        """Nothing is left in them."""
        return [Depth("light", 0, 0, 0)]
