"""Which conversion leads from a file to a target."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from convertpro.errors import Unsupported

_IMAGES = ("jpg", "jpeg", "png", "gif", "bmp", "tiff", "tif", "webp", "heic")
ACCEPTS: dict[str, tuple[str, ...]] = {
    "pdf-to-word": ("pdf",),
    "pdf-to-excel": ("pdf",),
    "docx-to-pdf": ("docx", "doc", "odt", "rtf"),
    "excel-to-pdf": ("xlsx", "xls", "ods", "csv"),
    "image-to-pdf": _IMAGES,
    "remove-pages-from-pdf": ("pdf",),
    "remove-background": tuple(kind for kind in _IMAGES if kind != "gif"),
    "pptx-to-pdf": ("pptx", "ppt", "odp"),
}
"""Every conversion with the endings of what it takes; the service itself looks at the bytes."""
EXTENSIONS = {"pdf-to-word": "docx", "pdf-to-excel": "xlsx", "remove-background": "png"}
TARGETS = ("word", "excel", "pdf", "nobg")
_ONE_SOURCE = {
    "word": "pdf-to-word",
    "docx": "pdf-to-word",
    "excel": "pdf-to-excel",
    "xlsx": "pdf-to-excel",
    "nobg": "remove-background",
}
SWITCHES = frozenset({"remove_blank", "mask_only", "alpha_matting", "crop", "notes", "pdfua"})
NUMBERS = frozenset({"margin"})
LISTS = frozenset({"language"})
_PAGE_OPTIONS = {"pages", "remove_blank"}


def slug_of(source: Path, to: str, options: Mapping[str, Any]) -> str:
    """The conversion's slug. ``to`` is word, excel, pdf, nobg, docx, xlsx, or a slug. Raises ``Unsupported``."""
    slug = to if to in ACCEPTS else _ONE_SOURCE.get(to)
    if slug is not None:
        return slug
    if to != "pdf":
        raise Unsupported(f"{to!r} is no target; there are {', '.join(TARGETS)}, and {', '.join(ACCEPTS)}.")
    kind = _ending(source)
    if kind == "pdf" and _PAGE_OPTIONS & set(options):
        return "remove-pages-from-pdf"
    for one in ("docx-to-pdf", "excel-to-pdf", "image-to-pdf", "pptx-to-pdf"):
        if kind in ACCEPTS[one]:
            return one
    reason = "is a PDF already; to remove pages, name them" if kind == "pdf" else "can't become a PDF"
    raise Unsupported(f"{source.name} {reason}.")


def takes(source: Path, to: str, options: Mapping[str, Any]) -> bool:
    """Whether a folder's file is meant, by its ending. Raises ``Unsupported`` for what is no target."""
    if to == "pdf":
        endings = [kind for slug, kinds in ACCEPTS.items() if slug.endswith("-to-pdf") for kind in kinds]
        return _ending(source) in [*endings, *(["pdf"] if _PAGE_OPTIONS & set(options) else [])]
    return _ending(source) in ACCEPTS[slug_of(source, to, options)]


def extension_of(slug: str, options: Mapping[str, Any]) -> str:
    """The ending of the result."""
    if slug == "remove-background":
        return str(options.get("format", "png"))
    return EXTENSIONS.get(slug, "pdf")


def form_fields(options: Mapping[str, Any]) -> dict[str, str]:
    """Options as form fields: lists joined by commas; those that are none are left out."""
    return {name: _field(value) for name, value in options.items() if value is not None}


def json_fields(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options beside an upload, where a switch is a boolean, a measure a number and a list a list."""
    return {name: _typed(name, value) for name, value in form_fields(options).items()}


def _typed(name: str, value: str) -> Any:
    if name in SWITCHES and value in {"true", "false"}:
        return value == "true"
    if name in NUMBERS:
        with contextlib.suppress(ValueError):
            return float(value)
    return value.split(",") if name in LISTS else value


def _field(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(_field, value))
    return str(value)


def _ending(path: Path) -> str:
    return path.suffix.lower().lstrip(".")
