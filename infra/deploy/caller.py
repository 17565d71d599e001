"""Calls AWS and Docker, saying each call; in a dry run it only says them."""

import json
import shlex
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

_SECRETS = ("password", "SecretString", "authorizationToken")
_LONGEST_VALUE = 160


class Stopped(Exception):
    """The deployment can't go on; the message says what a person must see to."""


class Caller:
    """Who deploys. ``assumed`` are the answers of a dry run, by "service operation"."""

    def __init__(self, session: boto3.Session | None, assumed: Mapping[str, Any], say: Callable[[str], None]) -> None:
        """Without a ``session`` this is a dry run."""
        self._session, self._assumed, self._say = session, assumed, say

    @property
    def is_dry(self) -> bool:
        """Whether nothing is done."""
        return self._session is None

    def aws(self, service: str, operation: str, /, *, absent: Sequence[str] = (), **parameters: Any) -> Any:
        """The answer of a call; None when AWS says one of the codes ``absent``. Raises ``Stopped``."""
        self._say(f"aws {service} {operation.replace('_', '-')} {_shown(parameters)}")
        if self._session is None:
            return self._assumed.get(f"{service} {operation}")
        client: Any = self._session.client(service)  # type: ignore[call-overload]
        try:
            return getattr(client, operation)(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] in absent:
                return None
            raise Stopped(str(error)) from error
        except BotoCoreError as error:  # no credentials, no network
            raise Stopped(f"{error}.") from error

    def wait(self, service: str, waiter: str, **parameters: Any) -> None:
        """Return when AWS says so. Raises ``Stopped``."""
        self._say(f"aws {service} wait {waiter.replace('_', '-')} {_shown(parameters)}")
        if self._session is not None:
            client: Any = self._session.client(service)  # type: ignore[call-overload]
            try:
                client.get_waiter(waiter).wait(**parameters)
            except WaiterError as error:
                raise Stopped(f"{waiter}: {error}") from error

    def run(self, *command: str, secret_input: str | None = None) -> None:
        """Run a program of this machine. Raises ``Stopped``."""
        self._say(shlex.join(command))
        if self._session is None:
            return
        given = {"input": secret_input} if secret_input is not None else {"stdin": subprocess.DEVNULL}
        try:
            result = subprocess.run(command, text=True, check=False, **given)
        except FileNotFoundError as error:
            raise Stopped(f"{command[0]} is not installed.") from error
        if result.returncode != 0:
            raise Stopped(f"{shlex.join(command)} ended with {result.returncode}.")


def _shown(parameters: Mapping[str, Any]) -> str:
    shown = []
    for name, value in parameters.items():
        text = "…" if name in _SECRETS else value if isinstance(value, str) else json.dumps(value, default=_written)
        shown.append(f"{name}={text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + '…'}")
    return " ".join(shown)


def _written(value: Any) -> str:
    """What is no JSON: of a file's content its size."""
    return f"{len(value) / 1024**2:.1f} MB" if isinstance(value, bytes) else str(value)
