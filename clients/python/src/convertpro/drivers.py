"""Run flows: by blocking, or on an event loop. All input and output is here."""

import asyncio
import contextlib
import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import httpx

from convertpro.effects import Answer, Call, Effect, Exclusive, Flow, OnBytes, Sleep, Together, Work
from convertpro.errors import ConnectionFailed, TimedOut

T = TypeVar("T")

CONNECT_TIMEOUT_S = 10.0


class Blocking:
    """Runs flows by blocking; from any number of threads."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._lock = threading.Lock()

    def run(self, flow: Flow[T]) -> T:
        """The flow's value. Raises whatever the flow does."""
        with contextlib.closing(flow):
            try:
                effect = next(flow)
                while True:
                    try:
                        value = self._perform(effect)
                    except Exception as failure:  # noqa: BLE001 - the flow decides
                        effect = flow.throw(failure)
                    else:
                        effect = flow.send(value)
            except StopIteration as end:
                return cast(T, end.value)

    def _perform(self, effect: Effect) -> Any:
        match effect:
            case Call():
                return self._call(effect)
            case Sleep():
                return time.sleep(effect.seconds)
            case Work():
                return effect.function()
            case Exclusive():
                with self._lock:
                    return self.run(effect.flow)
            case Together():
                return self._together(effect)

    def _call(self, call: Call) -> Answer:
        with _sending(call) as request, _named_failures(), _closing(self._http, call, request) as response:
            if call.save_to is None or response.is_error:
                return _answer(response, response.read())
            with call.save_to.open("wb") as file:
                for chunk in _told(response, call):
                    file.write(chunk)
            return _answer(response, b"")

    def _together(self, effect: Together) -> list[Any]:
        pool = ThreadPoolExecutor(effect.jobs)
        try:
            return [future.result() for future in [pool.submit(self.run, flow) for flow in effect.flows]]
        finally:
            pool.shutdown(cancel_futures=True)


class OnLoop:
    """Runs flows on an event loop."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._lock = asyncio.Lock()

    async def run(self, flow: Flow[T]) -> T:
        """The flow's value. Raises whatever the flow does."""
        with contextlib.closing(flow):
            try:
                effect = next(flow)
                while True:
                    try:
                        value = await self._perform(effect)
                    except Exception as failure:  # noqa: BLE001 - the flow decides
                        effect = flow.throw(failure)
                    else:
                        effect = flow.send(value)
            except StopIteration as end:
                return cast(T, end.value)

    async def _perform(self, effect: Effect) -> Any:
        match effect:
            case Call():
                return await self._call(effect)
            case Sleep():
                return await asyncio.sleep(effect.seconds)
            case Work():
                return await asyncio.to_thread(effect.function)
            case Exclusive():
                async with self._lock:
                    return await self.run(effect.flow)
            case Together():
                return await self._together(effect)

    async def _call(self, call: Call) -> Answer:
        with _sending(call) as request, _named_failures():
            response = await self._http.send(_built(self._http, call, request), stream=True)
            async with contextlib.aclosing(response):
                if call.save_to is None or response.is_error:
                    return _answer(response, await response.aread())
                with call.save_to.open("wb") as file:
                    async for chunk in response.aiter_bytes():
                        file.write(chunk)
                        _tell(response, call)
                return _answer(response, b"")

    async def _together(self, effect: Together) -> list[Any]:
        gate = asyncio.Semaphore(effect.jobs)

        async def one(flow: Flow[Any]) -> Any:
            async with gate:
                return await self.run(flow)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(flow)) for flow in effect.flows]
        return [task.result() for task in tasks]


class _Counted(io.BufferedReader):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, on_bytes: OnBytes | None) -> None:
        super().__init__(io.FileIO(path))
        self._total = path.stat().st_size
        self._on_bytes = on_bytes

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        if self._on_bytes is not None and chunk:
            self._on_bytes(self.tell(), self._total)
        return chunk


@contextlib.contextmanager
def _sending(call: Call) -> Iterator[dict[str, Any]]:
    """What httpx needs for the body, with the files open."""
    with contextlib.ExitStack() as stack:
        if not call.files:
            yield {"json": call.json, "data": call.form}
            return
        parts = [("file", (path.name, stack.enter_context(_Counted(path, call.on_bytes)))) for path in call.files]
        yield {"data": dict(call.form or {}), "files": parts}


def _built(http: httpx.Client | httpx.AsyncClient, call: Call, body: dict[str, Any]) -> httpx.Request:
    timeout = httpx.Timeout(call.timeout_s, connect=CONNECT_TIMEOUT_S) if call.timeout_s else http.timeout
    return http.build_request(
        call.method, call.url, headers=dict(call.headers), params=call.params, timeout=timeout, **body
    )


@contextlib.contextmanager
def _closing(http: httpx.Client, call: Call, body: dict[str, Any]) -> Iterator[httpx.Response]:
    response = http.send(_built(http, call, body), stream=True)
    with contextlib.closing(response):
        yield response


@contextlib.contextmanager
def _named_failures() -> Iterator[None]:
    """Failures on the way, by this package's names."""
    try:
        yield
    except httpx.TimeoutException as failure:
        raise TimedOut("The service did not answer in time.") from failure
    except httpx.TransportError as failure:
        raise ConnectionFailed(f"The service could not be reached: {failure}") from failure
    except httpx.InvalidURL as failure:
        raise ConnectionFailed(f"This is no address: {failure}") from failure


def _told(response: httpx.Response, call: Call) -> Iterator[bytes]:
    for chunk in response.iter_bytes():
        yield chunk
        _tell(response, call)


def _tell(response: httpx.Response, call: Call) -> None:
    if call.on_bytes is not None:
        call.on_bytes(response.num_bytes_downloaded, int(response.headers.get("content-length") or 0))


def _answer(response: httpx.Response, body: bytes) -> Answer:
    return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)
