"""Builds the documentation page from the catalogue, the errors and the settings."""

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from chalicelib.api.site import problem_pages
from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.domain.problems import status_of
from chalicelib.domain.versions import V1
from chalicelib.services import batches, legacy, sessions
from chalicelib.settings import MIB, Settings

FOLDER = Path(__file__).parent
ASSETS = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "reference.css": "text/css",
}
_SECTION = re.compile(r'<section id="(\w+)"><h2>(.+?)</h2>')
_TYPES = {"string": "text", "array": "list", "boolean": "true / false"}
_MEANINGS = {
    401: "no token, or a wrong, expired or revoked one",
    402: "not enough points",
    403: "role or permission forbids it",
    404: "absent, or not yours to see",
    405: "not by this method",
    409: "not in this state",
    410: "expired or deleted",
    411: "no Content-Length",
    413: "too large",
    415: "wrong content type",
    422: "a field, an option or the document is not good; nothing is charged",
    429: "too many requests; Retry-After tells when again",
    500: "our side; nothing is charged",
    503: "our side, for a moment; try again after Retry-After",
}


def page(settings: Settings, base_url: str, root: str) -> str:
    """The documentation page, whose links begin with ``root``."""
    text = (FOLDER / "page.html").read_text()
    return Template(text).substitute(
        nav=" ".join(f'<a href="#{anchor}">{title}</a>' for anchor, title in _SECTION.findall(text)),
        base=escape(base_url),
        root=escape(root),
        conversions="\n".join(map(_conversion, CATALOGUE)),
        problems="\n".join(_problem(status, meaning) for status, meaning in _MEANINGS.items()),
        limits="\n".join(_row(escape(what), escape(limit)) for what, limit in _limits(settings)),
        wait=f"{settings.default_wait_s:g}",
        lifetime=_hours(settings.result_lifetime_s),
        key_lifetime=_hours(settings.idempotency_lifetime_s),
        v1_quota=settings.v1_quota_per_hour,
        v2_quota=settings.v2_quota_per_day,
        v1_standing="on here" if legacy.is_enabled(settings, V1) else "off here",
    )


def reference(root: str) -> str:
    """The interactive reference's frame, whose links begin with ``root``."""
    return Template((FOLDER / "reference.html").read_text()).substitute(root=escape(root))


def asset(name: str) -> tuple[str, str] | None:
    """Text and media type of a file of the pages; None when there is no such one."""
    if name not in ASSETS:
        return None
    return (FOLDER / name).read_text(), ASSETS[name]


def _conversion(spec: ConversionSpec) -> str:
    accepts = ", ".join(spec.accepts)
    several = "; one or many, in order" if spec.many else ""
    options: dict[str, dict[str, Any]] = spec.options.model_json_schema().get("properties", {})
    result = " or ".join(_values(options[spec.produces])) if spec.produces in options else spec.produces
    described = "".join(_option(name, about) for name, about in options.items())
    return (
        f'<h3 id="{spec.slug}">{escape(spec.label)}</h3>\n<p>{escape(spec.summary)}<br>'
        f"<code>POST /api/v3/conversions/{spec.slug}</code><br>{accepts}{several} → {result}</p>\n<dl>{described}</dl>"
    )


def _option(name: str, about: dict[str, Any]) -> str:
    one = next((part for part in about.get("anyOf", []) if part.get("type") != "null"), {}) | about
    default = one.get("default")
    standing = "" if default is None else f"; {default if isinstance(default, str) else json.dumps(default)} by default"
    values = " / ".join(_values(one))
    return f"<dt><code>{name}</code> {escape(values + standing)}</dt><dd>{escape(one.get('description', ''))}</dd>"


def _values(schema: dict[str, Any]) -> list[str]:
    kind = str(schema.get("type", ""))
    return [str(one) for one in schema.get("enum", [])] or [_TYPES.get(kind, kind)]


def _problem(status: int, meaning: str) -> str:
    codes = (code for code, kind in problem_pages.codes().items() if status_of(kind) == status)
    return _row(str(status), f"{escape(meaning)}<br>{', '.join(f'<code>{code}</code>' for code in codes)}")


def _limits(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "a file", _megabytes(settings.max_file_bytes)
    yield "a request", f"{_megabytes(settings.multipart_limit_bytes)} in all, {settings.max_files} files"
    yield "a PDF", f"{settings.max_pdf_pages:,} pages"
    yield "an image", f"{settings.max_image_pixels // 1_000_000} megapixels, {settings.max_image_frames} frames"
    yield "a batch", f"{batches.MOST_FILES:,} files"
    yield "requests", f"{settings.rate_limit_per_minute} a minute for a user; RateLimit tells what is left"
    yield (
        "failed log-ins",
        f"{sessions.FAILURES_PER_EMAIL} for an e-mail address, {sessions.FAILURES_PER_ADDRESS} from a network address, "
        f"in {sessions.FAILURE_WINDOW_S // 60} minutes",
    )


def _row(first: str, second: str) -> str:
    return f"<tr><td>{first}</td><td>{second}</td></tr>"


def _megabytes(size: int) -> str:
    return f"{size // MIB} MB" if size % MIB == 0 else f"{size / 1e6:.1f} MB"


def _hours(seconds: float) -> str:
    return f"{seconds / 3_600:g} h"
