"""The client for programs that may block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from convertpro import accounts, batches, conversions, orders, webhooks
from convertpro.conversions import Remote
from convertpro.drivers import Blocking
from convertpro.effects import Flow, T
from convertpro.folders import JOBS
from convertpro.models import (
    Batch,
    Conversion,
    Delivery,
    FolderOutcome,
    LedgerEntry,
    OnOutcome,
    OnProgress,
    Page,
    Webhook,
)
from convertpro.orders import FilePath, Files
from convertpro.requests import Policy, Session
from convertpro.webhooks import EVENTS


@dataclass(frozen=True, kw_only=True)
class Result(Conversion):
    """A conversion that succeeded, whose file can be saved."""

    _client: "ConvertPro" = field(repr=False, compare=False)

    def save(self, to: FilePath | None = None, *, on_progress: OnProgress | None = None) -> Path:
        """Download the result to a file, into a folder, or into the working directory; what is there is replaced.

        The path comes back; the file is whole, or not there. Raises ``Gone`` once the result has expired.
        """
        return self._client.download(self, to, on_progress=on_progress)

    def delete(self) -> None:
        """Remove the result from the service."""
        self._client.delete(self.conversion_id)


class ConvertPro:
    """A user's calls to a service, by ``api_key``, or by ``email`` and ``password``.

    ``policy`` says how often a call is repeated after a time-out, 429 or 5xx, with the same Idempotency-Key; ``http``
    is a client of your own, for proxies and certificates. All methods raise what ``convertpro.errors`` names.
    """

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | None = None,
        email: str | None = None,
        password: str | None = None,
        policy: Policy | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        self._session = Session(base_url, api_key, email, password, policy or Policy())
        self._http = http or httpx.Client()
        self._driver = Blocking(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _run(self, flow: Flow[T]) -> T:
        return self._driver.run(flow)

    def convert(
        self,
        files: Files,
        to: str,
        *,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
        on_progress: OnProgress | None = None,
        deliver_to: str | None = None,
        **options: Any,
    ) -> Result:
        """Convert a file (or images, into one PDF) and wait for the end.

        ``to`` is word, excel, pdf, nobg, docx, xlsx, or a conversion's slug; ``options`` are the conversion's, such as
        ``pages="1-3"``. With an ``idempotency_key`` of your own the same call costs once, also after a crash.
        ``deliver_to`` is a presigned address that the service puts the result to. Raises ``StillProcessing`` after
        ``timeout_s``.
        """
        more = {"timeout_s": timeout_s, "on_progress": on_progress, "deliver_to": deliver_to}
        return self._result(self._run(orders.convert(self._session, files, to, options, idempotency_key, **more)))

    def convert_url(
        self,
        url: str,
        to: str,
        *,
        filename: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float | None = None,
        on_progress: OnProgress | None = None,
        deliver_to: str | None = None,
        **options: Any,
    ) -> Result:
        """Convert a file that the service fetches itself, with ``headers`` where its server asks for a token.

        ``filename`` tells what it is where the URL does not. The rest as ``convert`` has it. Raises ``FetchFailed``.
        """
        more = {"timeout_s": timeout_s, "on_progress": on_progress, "deliver_to": deliver_to}
        remote = Remote(url, filename, headers)
        return self._result(self._run(orders.convert_url(self._session, remote, to, options, **more)))

    def _result(self, done: Conversion) -> Result:
        return Result(**{one.name: getattr(done, one.name) for one in fields(done)}, _client=self)

    def convert_folder(
        self,
        source: FilePath,
        destination: FilePath,
        to: str,
        *,
        jobs: int = JOBS,
        overwrite: bool = False,
        on_outcome: OnOutcome | None = None,
        **options: Any,
    ) -> FolderOutcome:
        """Convert every file below ``source`` that the target takes, ``jobs`` at a time; results keep their places.

        A file that fails is an outcome with its error; the others go on. A call that was interrupted goes on where it
        was when repeated: each file is charged once. What was begun is kept beside the results. A file there that no
        run has made stays, unless ``overwrite``. ``on_outcome`` is called after each file.
        """
        flow = orders.convert_folder(self._session, source, destination, to, options, jobs, overwrite, on_outcome)
        return self._run(flow)

    def download(
        self, conversion: Conversion, to: FilePath | None = None, *, on_progress: OnProgress | None = None
    ) -> Path:
        """Save a conversion's result; ``to`` as ``Result.save`` has it."""
        target = Path(to) if to is not None else None
        return self._run(conversions.download(self._session, conversion, target, on_progress))

    def get(self, conversion_id: str) -> Conversion:
        """A conversion as it stands."""
        return self._run(conversions.get(self._session, conversion_id))

    def wait(
        self, conversion: Conversion, *, timeout_s: float | None = None, on_progress: OnProgress | None = None
    ) -> Conversion:
        """The conversion when it has succeeded. Raises the problem it ended with, and ``StillProcessing``."""
        return self._run(conversions.follow(self._session, conversion, timeout_s, on_progress))

    def delete(self, conversion_id: str) -> None:
        """Remove a conversion's files; its row and the ledger stay."""
        self._run(conversions.delete(self._session, conversion_id))

    def list_conversions(
        self, *, action: str | None = None, status: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Conversion]:
        """One's own conversions, newest first."""
        flow = conversions.history(self._session, action=action, status=status, limit=limit, cursor=cursor)
        return self._run(flow)

    def balance(self) -> int | None:
        """Points left; none: unlimited."""
        return self._run(accounts.balance(self._session))

    def ledger(self, *, limit: int = 50, cursor: str | None = None) -> Page[LedgerEntry]:
        """One's own movements of points, newest first."""
        return self._run(accounts.ledger(self._session, limit=limit, cursor=cursor))

    def create_api_key(self, name: str) -> str:
        """A new API key, whose text is shown this once. Raises ``Forbidden`` for a client that has a key itself."""
        return self._run(accounts.create_api_key(self._session, name))

    def create_webhook(self, url: str, events: Sequence[str] = EVENTS) -> Webhook:
        """Be told at ``url`` of events; the answer holds the secret, this once. Raises ``Forbidden`` for a key."""
        return self._run(webhooks.create(self._session, url, events))

    def list_webhooks(self) -> list[Webhook]:
        """One's webhooks, oldest first."""
        return self._run(webhooks.all_of(self._session))

    def enable_webhook(self, webhook_id: str) -> Webhook:
        """Tell a webhook again that was disabled because its server answered 410."""
        return self._run(webhooks.enable(self._session, webhook_id))

    def rotate_webhook(self, webhook_id: str) -> Webhook:
        """Give a webhook a new secret, which the answer holds; the one before signs too for a day."""
        return self._run(webhooks.rotate(self._session, webhook_id))

    def test_webhook(self, webhook_id: str) -> Delivery:
        """Send a test event."""
        return self._run(webhooks.test(self._session, webhook_id))

    def list_deliveries(self, webhook_id: str, *, limit: int = 50, cursor: str | None = None) -> Page[Delivery]:
        """What was sent to a webhook, newest first, with every try."""
        return self._run(webhooks.deliveries(self._session, webhook_id, limit, cursor))

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete a webhook and its deliveries."""
        self._run(webhooks.delete(self._session, webhook_id))

    def create_batch(self, files: Files, to: str, **options: Any) -> Batch:
        """Send up to 1,000 files, which the service converts by itself."""
        return self._run(orders.create_batch(self._session, files, to, options))

    def wait_for_batch(self, batch_id: str) -> Batch:
        """The batch when all its files have ended."""
        return self._run(batches.wait(self._session, batch_id))

    def save_batch(self, batch: Batch, to: FilePath | None = None) -> Path:
        """The zip of a batch's results as a file, or in a folder."""
        return self._run(batches.save(self._session, batch, Path(to) if to is not None else None))
