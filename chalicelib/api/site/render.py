"""Builds the documentation page from the catalogue and the settings."""

from html import escape
from pathlib import Path
from string import Template
from typing import Any

from chalicelib.conversions import CATALOGUE
from chalicelib.conversions.spec import ConversionSpec
from chalicelib.settings import MIB, Settings

FOLDER = Path(__file__).parent
VENDOR = FOLDER / "vendor"
ASSETS = {
    "page.css": (FOLDER, "text/css"),
    "reference.css": (FOLDER, "text/css"),
    "reference.js": (FOLDER, "text/javascript"),
    "swagger-ui.css": (VENDOR, "text/css"),
    "swagger-ui-bundle.js": (VENDOR, "text/javascript"),
}


def page(settings: Settings, base_url: str) -> str:
    """The documentation page."""
    conversions = "\n".join(_conversion(spec) for spec in CATALOGUE)
    template = Template((FOLDER / "page.html").read_text())
    return template.substitute(base=escape(base_url), conversions=conversions, limits=_limits(settings))


def reference() -> str:
    """The interactive reference's frame."""
    return (FOLDER / "reference.html").read_text()


def asset(name: str) -> tuple[str, str] | None:
    """Text and media type of a file of the pages; None when there is no such one."""
    if name not in ASSETS:
        return None
    folder, media_type = ASSETS[name]
    return (folder / name).read_text(), media_type


def _conversion(spec: ConversionSpec) -> str:
    accepts = ", ".join(spec.accepts)
    several = " One or many files, in order." if spec.many else ""
    options = "".join(_option(name, about) for name, about in _options(spec).items())
    return (
        f"<h3 id='{spec.slug}'>{escape(spec.label)}</h3><p>{escape(spec.summary)}{several}<br>"
        f"<code>POST /api/v3/conversions/{spec.slug}</code> · accepts {accepts}</p>"
        f"<dl>{options}</dl>"
    )


def _options(spec: ConversionSpec) -> dict[str, dict[str, Any]]:
    properties: dict[str, dict[str, Any]] = spec.options.model_json_schema().get("properties", {})
    return properties


def _option(name: str, about: dict[str, Any]) -> str:
    one = next((part for part in about.get("anyOf", []) if part.get("type") != "null"), {}) | about
    values = " / ".join(map(str, one.get("enum", []))) or one.get("type", "")
    default = one.get("default")
    standing = f", by default {default}" if default is not None else ""
    return f"<dt><code>{name}</code> {escape(values + standing)}</dt><dd>{escape(one.get('description', ''))}</dd>"


def _limits(settings: Settings) -> str:
    return (
        f"A file may have {settings.max_file_bytes // MIB} MB, a request "
        f"{settings.multipart_limit_bytes / 1e6:.1f} MB; a PDF {settings.max_pdf_pages:,} pages, an image "
        f"{settings.max_image_pixels // 1_000_000} megapixels."
    )
