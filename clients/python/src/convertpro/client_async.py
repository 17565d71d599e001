"""The client for programs on an event loop."""

from dataclasses import dataclass, field, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from convertpro import accounts, batches, conversions, orders
from convertpro.drivers import OnLoop
from convertpro.effects import Flow, T
from convertpro.folders import JOBS
from convertpro.models import Batch, Conversion, FolderOutcome, LedgerEntry, OnOutcome, OnProgress, Page
from convertpro.orders import FilePath, Files
from convertpro.requests import Policy, Session


@dataclass(frozen=True, kw_only=True)
class AsyncResult(Conversion):
    """A conversion that succeeded, whose file can be saved."""

    _client: "AsyncConvertPro" = field(repr=False, compare=False)

    async def save(self, to: FilePath | None = None, *, on_progress: OnProgress | None = None) -> Path:
        """Download the result to a file, into a folder, or into the working directory; what is there is replaced.

        The path comes back; the file is whole, or not there. Raises ``Gone`` once the result has expired.
        """
        return await self._client.download(self, to, on_progress=on_progress)

    async def delete(self) -> None:
        """Remove the result from the service."""
        await self._client.delete(self.conversion_id)


class AsyncConvertPro:
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
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._session = Session(base_url, api_key, email, password, policy or Policy())
        self._http = http or httpx.AsyncClient()
        self._driver = OnLoop(self._http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _run(self, flow: Flow[T]) -> T:
        return await self._driver.run(flow)

    async def convert(
        self,
        files: Files,
        to: str,
        *,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
        on_progress: OnProgress | None = None,
        **options: Any,
    ) -> AsyncResult:
        """Convert a file (or images, into one PDF) and wait for the end.

        ``to`` is word, excel, pdf, nobg, docx, xlsx, or a conversion's slug; ``options`` are the conversion's, such as
        ``pages="1-3"``. With an ``idempotency_key`` of your own the same call costs once, also after a crash.
        Raises ``StillProcessing`` after ``timeout_s``.
        """
        flow = orders.convert(self._session, files, to, options, idempotency_key, timeout_s, on_progress)
        done = await self._run(flow)
        return AsyncResult(**{one.name: getattr(done, one.name) for one in fields(done)}, _client=self)

    async def convert_folder(
        self,
        source: FilePath,
        destination: FilePath,
        to: str,
        *,
        jobs: int = JOBS,
        on_outcome: OnOutcome | None = None,
        **options: Any,
    ) -> FolderOutcome:
        """Convert every file below ``source`` that the target takes, ``jobs`` at a time; results keep their places.

        A file that fails is an outcome with its error; the others go on. A call that was interrupted goes on where it
        was when repeated: each file is charged once. What was begun is kept beside the results. ``on_outcome`` is
        called after each file.
        """
        flow = orders.convert_folder(self._session, source, destination, to, options, jobs, on_outcome)
        return await self._run(flow)

    async def download(
        self, conversion: Conversion, to: FilePath | None = None, *, on_progress: OnProgress | None = None
    ) -> Path:
        """Save a conversion's result; ``to`` as ``AsyncResult.save`` has it."""
        target = Path(to) if to is not None else None
        return await self._run(conversions.download(self._session, conversion, target, on_progress))

    async def get(self, conversion_id: str) -> Conversion:
        """A conversion as it stands."""
        return await self._run(conversions.get(self._session, conversion_id))

    async def wait(
        self, conversion: Conversion, *, timeout_s: float | None = None, on_progress: OnProgress | None = None
    ) -> Conversion:
        """The conversion when it has succeeded. Raises the problem it ended with, and ``StillProcessing``."""
        return await self._run(conversions.follow(self._session, conversion, timeout_s, on_progress))

    async def delete(self, conversion_id: str) -> None:
        """Remove a conversion's files; its row and the ledger stay."""
        await self._run(conversions.delete(self._session, conversion_id))

    async def list_conversions(
        self, *, action: str | None = None, status: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[Conversion]:
        """One's own conversions, newest first."""
        flow = conversions.history(self._session, action=action, status=status, limit=limit, cursor=cursor)
        return await self._run(flow)

    async def balance(self) -> int | None:
        """Points left; none: unlimited."""
        return await self._run(accounts.balance(self._session))

    async def ledger(self, *, limit: int = 50, cursor: str | None = None) -> Page[LedgerEntry]:
        """One's own movements of points, newest first."""
        return await self._run(accounts.ledger(self._session, limit=limit, cursor=cursor))

    async def create_api_key(self, name: str) -> str:
        """A new API key, whose text is shown this once. Raises ``Forbidden`` for a client that has a key itself."""
        return await self._run(accounts.create_api_key(self._session, name))

    async def create_batch(self, files: Files, to: str, **options: Any) -> Batch:
        """Send up to 1,000 files, which the service converts by itself."""
        return await self._run(orders.create_batch(self._session, files, to, options))

    async def wait_for_batch(self, batch_id: str) -> Batch:
        """The batch when all its files have ended."""
        return await self._run(batches.wait(self._session, batch_id))

    async def save_batch(self, batch: Batch, to: FilePath | None = None) -> Path:
        """The zip of a batch's results as a file, or in a folder."""
        return await self._run(batches.save(self._session, batch, Path(to) if to is not None else None))
