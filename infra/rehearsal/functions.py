"""The functions of the expansion, each in sandboxes of its own, invoked as Lambda invokes them."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.environment import REGION
from infra.rehearsal.artefacts import Artefact
from infra.rehearsal.images import EMULATOR
from infra.rehearsal.sandbox import Peak, Place, Sandbox, free_port

_MB = 1024 * 1024
_TMP_MB = 512
"""A function's /tmp when its configuration says nothing."""
_STARTS_S = 20


class FunctionFailed(Exception):
    """The function raised, ran out of its time, or its sandbox is gone; the message is what Lambda would say."""


@dataclass
class Figures:
    """What was measured: seconds by the clock and of processor time."""

    cold: list[float] = field(default_factory=list)
    cold_processor: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    peak: Peak = field(default_factory=Peak)
    invocations: int = 0
    seconds: float = 0
    """Of all calls: what Lambda would bill."""


class _Runtime:
    """A sandbox with the emulator that passes events to it."""

    def __init__(self, function: "Function", number: int) -> None:
        self.port, self.runtime_api = free_port(), free_port()
        self.used = False
        addresses = ["--runtime-api-address", f"127.0.0.1:{self.runtime_api}"]
        addresses += ["--runtime-interface-emulator-address", f"127.0.0.1:{self.port}", "--log-level", "error"]
        place = Place(
            layers=function.artefact.layers,
            memory_bytes=function.memory_mb * _MB,
            tmp_bytes=function.tmp_mb * _MB,
            command=[EMULATOR.name, *addresses, *function.artefact.command],
            environment=function.environment,
        )
        self.sandbox = Sandbox(f"{function.name}-{number}", place, function.log)
        self._wait_for_the_emulator()

    def _wait_for_the_emulator(self) -> None:
        deadline = time.monotonic() + _STARTS_S
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
            with suppress(OSError):
                connection.connect()
                connection.close()
                return
            time.sleep(0.02)
        raise FunctionFailed(f"{self.sandbox.name} does not start; see {self.sandbox.log}")


class Function:
    """One function: at most ``most`` sandboxes, started when there is work for them."""

    def __init__(
        self, name: str, properties: Mapping[str, Any], artefact: Artefact, variables: Mapping[str, str], log: Path
    ) -> None:
        self.name, self.artefact, self.log = name, artefact, log
        self.memory_mb, self.timeout_s = int(properties["MemorySize"]), int(properties["Timeout"])
        self.tmp_mb = int(properties.get("EphemeralStorage", {}).get("Size", _TMP_MB))
        role = properties["Role"]["Fn::GetAtt"][0]
        self.environment = {**artefact.environment, **variables, **_of_lambda(self, role, properties)}
        self.figures = Figures()
        self.most = 1
        self._free: list[_Runtime] = []
        self._started = 0
        self._changed = threading.Condition()
        self._all: set[_Runtime] = set()

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """The function's answer. Raises ``FunctionFailed``."""
        with self._turn() as runtime:
            is_cold, began = not runtime.used, time.monotonic()
            before = runtime.sandbox.processor_s()
            runtime.used = True
            answer = self._post(runtime, event)
            seconds = time.monotonic() - began
            if is_cold:
                self.figures.cold.append(seconds)
                self.figures.cold_processor.append(runtime.sandbox.processor_s() - before)
            else:
                self.figures.warm.append(seconds)
            self.figures.invocations += 1
            self.figures.seconds += seconds
        if isinstance(answer, dict) and "errorMessage" in answer:
            raise FunctionFailed(f"{self.name}: {json.dumps(answer)[:2000]}")
        return answer

    def busy(self) -> bool:
        """Whether an event is at work."""
        with self._changed:
            return len(self._free) < len(self._all)

    def runtime_ports(self) -> list[int]:
        """Where the Runtime API of each sandbox listens."""
        with self._changed:
            return [one.runtime_api for one in self._all]

    def kill(self) -> None:
        """End every sandbox, whatever it does; the next event starts another."""
        with self._changed:
            dying, self._all, self._free = self._all, set(), []
        for one in dying:
            one.sandbox.kill()
            self._remember(one)

    @contextmanager
    def _turn(self) -> Iterator[_Runtime]:
        runtime = self._take()
        try:
            yield runtime
        except BaseException:
            with self._changed:
                known = runtime in self._all
                self._all.discard(runtime)
                self._changed.notify()
            if known:
                runtime.sandbox.kill()
            raise
        self._remember(runtime)
        with self._changed:
            if runtime in self._all:
                self._free.append(runtime)
            self._changed.notify()

    def _take(self) -> _Runtime:
        with self._changed:
            self._changed.wait_for(lambda: self._free or len(self._all) < self.most)
            if self._free:
                return self._free.pop()
            self._started += 1
            runtime = _Runtime(self, self._started)
            self._all.add(runtime)
            return runtime

    def _remember(self, runtime: _Runtime) -> None:
        peak, seen = self.figures.peak, runtime.sandbox.peak
        peak.memory, peak.tmp = max(peak.memory, seen.memory), max(peak.tmp, seen.tmp)

    def _post(self, runtime: _Runtime, event: Mapping[str, Any]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", runtime.port, timeout=self.timeout_s + 15)
        try:
            connection.request("POST", "/2015-03-31/functions/function/invocations", json.dumps(event))
            body = connection.getresponse().read()
        except (OSError, http.client.HTTPException) as error:
            raise FunctionFailed(f"{self.name}: its sandbox is gone") from error
        finally:
            connection.close()
        try:
            return json.loads(body) if body else None
        except ValueError:
            raise FunctionFailed(f"{self.name}: {body[:300]!r}") from None


def _of_lambda(function: Function, role: str, properties: Mapping[str, Any]) -> dict[str, str]:
    """What Lambda sets by itself. The key of the role is its name, to which the local AWS holds every call."""
    return {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": role,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_s),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "_HANDLER": str(properties.get("Handler", "")),
        "LAMBDA_TASK_ROOT": "/var/task",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }
