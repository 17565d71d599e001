"""The way from a job's confined child to the models, which stay loaded in the host that forked it.

A child asks for the mask of raw pixels of one fixed size: nothing of a file's own bytes reaches the host. Both pass
in anonymous memory that the one side makes for the other (memfd), so that no job sees the pixels of another.
"""

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from chalicelib.domain.errors import ConversionFailed
from chalicelib.engines.background import models

_LOG = logging.getLogger(__name__)
_NONCE_BYTES = 16
_LONGEST_MESSAGE = 256


class Inference:
    """Both ends of the conversation: the host calls :meth:`start`, its children :meth:`mask`."""

    def __init__(self) -> None:
        self._asking, self._answering = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

    def start(self) -> None:
        """Answer from now on, in a thread: the host itself waits for its child."""
        threading.Thread(target=self._serve, name="inference", daemon=True).start()

    def mask(self, model: str, image: Image.Image) -> Image.Image:
        """How much of each pixel of ``image`` (RGB) is foreground, 0–255, at the size that ``model`` sees.

        Raises ConversionFailed.
        """
        size = models.SIZES[model]
        pixels = image.resize(size, Image.Resampling.LANCZOS).tobytes()
        return Image.frombytes("L", size, self._ask(model, pixels, size[0] * size[1]))

    def _ask(self, model: str, pixels: bytes, answer_bytes: int) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        with _in_memory(pixels) as descriptor:
            socket.send_fds(self._asking, [nonce + model.encode()], [descriptor])
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._asking, _LONGEST_MESSAGE, 1)
            with _closing(descriptors):
                if message != nonce:
                    continue  # meant for an earlier child, which was killed before it came
                if not descriptors:
                    raise ConversionFailed("The model could not process this image.")
                return _read(descriptors[0], answer_bytes)

    def _serve(self) -> None:
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._answering, _LONGEST_MESSAGE, 1)
            with _closing(descriptors):
                self._answer(message[:_NONCE_BYTES], message[_NONCE_BYTES:].decode("ascii", "replace"), descriptors)

    def _answer(self, nonce: bytes, model: str, descriptors: list[int]) -> None:
        try:
            width, height = models.SIZES[model]
            mask = models.foreground(model, _read(descriptors[0], width * height * 3))
            with _in_memory(mask) as descriptor:
                socket.send_fds(self._answering, [nonce], [descriptor], socket.MSG_DONTWAIT)
        except Exception:  # noqa: BLE001 - whatever a model raises: the asker is told, and the thread goes on
            _LOG.exception("inference failed")
            self._answering.send(nonce, socket.MSG_DONTWAIT)


@contextmanager
def _in_memory(data: bytes) -> Iterator[int]:
    descriptor = os.memfd_create("pixels")
    with _closing([descriptor]):
        os.write(descriptor, data)
        yield descriptor


@contextmanager
def _closing(descriptors: list[int]) -> Iterator[None]:
    try:
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _read(descriptor: int, length: int) -> bytes:
    data = os.pread(descriptor, length, 0)
    if len(data) != length:
        raise ValueError(f"{len(data)} bytes instead of {length}")
    return data
