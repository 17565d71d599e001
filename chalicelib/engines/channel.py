"""JSON lines to and from an engine's process, without ever waiting longer than asked."""

import json
import os
import select
import time
from typing import Any

Message = dict[str, Any]

_LONGEST_LINE = 8 * 1024 * 1024


class ChannelClosed(Exception):
    """The engine ended, or says something that is not a JSON object in a line."""


class Channel:
    """Both ends of a conversation, by file descriptors which the caller opens and closes."""

    def __init__(self, source: int, target: int) -> None:
        self._source, self._target = source, target
        self._buffer = bytearray()

    def send(self, message: Message) -> None:
        """Write one line; raises ``ChannelClosed`` when nobody reads any more."""
        data = memoryview(json.dumps(message).encode() + b"\n")
        try:
            while data:
                data = data[os.write(self._target, data) :]
        except BrokenPipeError as error:
            raise ChannelClosed("the engine reads no more") from error

    def receive(self, wait_s: float) -> Message | None:
        """The next message, or ``None`` if ``wait_s`` seconds bring none; raises ``ChannelClosed``."""
        deadline = time.monotonic() + wait_s
        while b"\n" not in self._buffer:
            left_s = max(0.0, deadline - time.monotonic())
            if not select.select([self._source], [], [], left_s)[0]:
                return None
            chunk = os.read(self._source, 65536)
            if not chunk:
                raise ChannelClosed("the engine's output ended")
            self._buffer += chunk
            if len(self._buffer) > _LONGEST_LINE:
                raise ChannelClosed("the engine's answer is too long")
        line, _, rest = self._buffer.partition(b"\n")
        self._buffer = rest
        return _parsed(line)


def _parsed(line: bytearray) -> Message:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ChannelClosed("the engine's answer is not JSON") from error
    if not isinstance(message, dict):
        raise ChannelClosed("the engine's answer is not an object")
    return message
