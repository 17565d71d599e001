"""The models that may remove a background: which are allowed, which are installed, and one that is loaded."""

import functools
import os
from typing import Any, NoReturn

import numpy  # type: ignore[import-not-found]
import onnxruntime  # type: ignore[import-not-found]
import pooch  # type: ignore[import-not-found]
from PIL import Image

from chalicelib.domain.errors import ModelUnavailable
from chalicelib.engines.background import packages

packages.enter("rembg")
from rembg.sessions import sessions  # type: ignore[import-not-found]  # noqa: E402 - the package is entered first

DEFAULT = "u2netp"
SIZES = {
    "u2netp": (320, 320),
    "u2net": (320, 320),
    "u2net_human_seg": (320, 320),
    "silueta": (320, 320),
    "isnet-general-use": (1024, 1024),
    "isnet-anime": (1024, 1024),
    "birefnet-general": (1024, 1024),
    "birefnet-general-lite": (1024, 1024),
    "birefnet-portrait": (1024, 1024),
}
"""The width and height that each model sees, as in rembg's sessions.

These have free licences (Apache-2.0 or MIT) and work on this machine. Not allowed: bria-rmbg (its own licence), those
that send the image to a service, those that load a path of the caller's, and u2net_cloth_seg, which finds clothes.
"""
_LONGEST_SHOWN = 60


def _no_download(*_args: object, **_options: object) -> NoReturn:
    raise RuntimeError("weights are never downloaded")


pooch.retrieve = _no_download
"""rembg fetches weights that are missing; here they are installed beforehand or the model is unavailable."""


def installed() -> list[str]:
    """The allowed models whose weights lie in the folder that rembg looks into (U2NET_HOME)."""
    return [name for name in SIZES if sessions[name].resolve_existing(f"{name}.onnx") is not None]


def chosen(name: str | None) -> str:
    """``name``, or the default, if its weights are installed. Raises ModelUnavailable, which lists what is."""
    wanted = name or DEFAULT
    there = installed()
    if wanted in there:
        return wanted
    choice = f"Installed: {', '.join(there)}." if there else "No model is installed."
    raise ModelUnavailable(f"The model {wanted[:_LONGEST_SHOWN]!r} is not available here. {choice}")


@functools.cache
def session(name: str) -> Any:
    """The loaded model. Its threads sleep while there is nothing to do."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return sessions[name](name, options, providers=["CPUExecutionProvider"])


def foreground(name: str, pixels: bytes) -> bytes:
    """The mask, 8-bit grey, of RGB ``pixels`` of the size that model ``name`` sees."""
    image = Image.frombytes("RGB", SIZES[name], pixels)
    with numpy.errstate(invalid="ignore", divide="ignore"):  # an image of one colour has no range: the mask is 0
        masks = session(name).predict(image)
    mask: bytes = masks[0].tobytes()
    return mask
