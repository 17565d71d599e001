"""The models that may remove a background: which are allowed, which are installed, and one that is loaded."""

import functools
import os
from collections.abc import Callable
from typing import Any, NoReturn

import numpy  # type: ignore[import-not-found]
import onnxruntime  # type: ignore[import-not-found]
import pooch  # type: ignore[import-not-found]
from PIL import Image

from chalicelib.domain.errors import ModelUnavailable
from chalicelib.engines.background import packages

packages.enter("rembg")
from rembg.sessions import sessions  # type: ignore[import-not-found]  # noqa: E402 - the package is entered first

FINE, COARSE = "isnet-general-use", "u2netp"
DEFAULT, FAST, FUR = "quality", "fast", "fur"
WAYS = {DEFAULT: (FINE, COARSE), FAST: (COARSE,), FUR: (FINE, COARSE)}
"""What a client asks for, and the models that it takes."""
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
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's channels, which u2netp was trained with."""


def _no_download(*_args: object, **_options: object) -> NoReturn:
    raise RuntimeError("weights are never downloaded")


pooch.retrieve = _no_download
"""rembg fetches weights that are missing; here they are installed beforehand or the model is unavailable."""


def installed() -> list[str]:
    """The ways and the allowed models whose weights lie in the folder that rembg looks into (U2NET_HOME)."""
    there = [name for name in SIZES if _weights(name) is not None]
    return [way for way, needed in WAYS.items() if set(needed) <= set(there)] + there


def _weights(name: str) -> Any:
    return sessions[name].resolve_existing(f"{name}.onnx")


def chosen(name: str | None) -> str:
    """``name``, or the default, if its weights are installed. Raises ModelUnavailable, which lists what is."""
    wanted = name or DEFAULT
    there = installed()
    if wanted in there:
        return wanted
    choice = f"Installed: {', '.join(there)}." if there else "No model is installed."
    raise ModelUnavailable(f"The model {wanted[:_LONGEST_SHOWN]!r} is not available here. {choice}")


def needed_by(name: str) -> tuple[str, ...]:
    """The models behind a way; a model is its own."""
    return WAYS.get(name, (name,))


def _options() -> Any:
    """Threads that sleep while there is nothing to do, and memory that is given back after each picture."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


@functools.cache
def session(name: str) -> Any:
    """The loaded model, by rembg."""
    return sessions[name](name, _options(), providers=["CPUExecutionProvider"])


@functools.cache
def network(name: str) -> Any:
    """The loaded model, without rembg around it."""
    path = _weights(name)
    if path is None:
        raise RuntimeError(f"the weights of {name} are not installed")
    return onnxruntime.InferenceSession(str(path), _options(), providers=["CPUExecutionProvider"])


def load(name: str) -> None:
    """Make ``name`` ready: its first picture then takes no longer than the others."""
    (network if name in _OWN else session)(name)


def foreground(name: str, pixels: bytes) -> bytes:
    """The mask, 8-bit grey, of RGB ``pixels`` of the size that model ``name`` sees.

    FINE and COARSE are asked without rembg, which stretches every mask to black and white: of a picture without a
    subject that makes a ghost, or a solid nothing.
    """
    image = Image.frombytes("RGB", SIZES[name], pixels)
    if name in _OWN:
        return _unstretched(network(name), _OWN[name](numpy.asarray(image, dtype=numpy.float32)))
    with numpy.errstate(invalid="ignore", divide="ignore"):  # an image of one colour has no range: the mask is 0
        masks = session(name).predict(image)
    mask: bytes = masks[0].tobytes()
    return mask


def _unstretched(model: Any, pixels: numpy.ndarray) -> bytes:
    given = pixels.transpose(2, 0, 1)[None].astype(numpy.float32)
    (found,) = model.run([model.get_outputs()[0].name], {model.get_inputs()[0].name: given})
    values: bytes = numpy.clip(numpy.rint(found * 255), 0, 255).astype(numpy.uint8).tobytes()
    return values


def _as_fine_sees(pixels: numpy.ndarray) -> numpy.ndarray:
    return (pixels - 128) / 256


def _as_coarse_sees(pixels: numpy.ndarray) -> numpy.ndarray:
    return (pixels / max(float(pixels.max()), 1.0) - _MEAN) / _SPREAD


_OWN: dict[str, Callable[[numpy.ndarray], numpy.ndarray]] = {FINE: _as_fine_sees, COARSE: _as_coarse_sees}
