"""Presentations in every format, made anew."""

import zipfile
from pathlib import Path

from tests.integration.engines.libreoffice.office_bench import store_as

_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" office:version="1.2"'
)
_TYPE = "application/vnd.oasis.opendocument.presentation"
_FILTERS = {"pptx": "Impress MS PowerPoint 2007 XML", "ppt": "MS PowerPoint 97"}


def _box(text: str) -> str:
    size = 'svg:x="2cm" svg:y="2cm" svg:width="15cm" svg:height="2cm"'
    return f"<draw:frame {size}><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"


def _slide(word: str, style: str = "shown") -> str:
    notes = f"<presentation:notes>{_box(f'Say {word}')}</presentation:notes>"
    return f'<draw:page draw:name="{word}" draw:style-name="{style}">{_box(f"Slide {word}")}{notes}</draw:page>'


def talks(folder: Path) -> dict[str, Path]:
    """Three slides with notes and a hidden one, in every format."""
    hidden = '<style:drawing-page-properties presentation:visibility="hidden"/>'
    styles = "".join(
        f'<style:style style:name="{name}" style:family="drawing-page">{content}</style:style>'
        for name, content in (("shown", ""), ("hidden", hidden))
    )
    slides = "".join((_slide("one"), _slide("two"), _slide("secret", "hidden"), _slide("three")))
    body = f"<office:body><office:presentation>{slides}</office:presentation></office:body>"
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    files = {kind: folder / f"talk.{kind}" for kind in ("odp", *_FILTERS)}
    with zipfile.ZipFile(files["odp"], "w") as archive:
        archive.writestr("mimetype", _TYPE)
        archive.writestr(
            "content.xml", f"<office:document-content {_NAMES}>{automatic}{body}</office:document-content>"
        )
        archive.writestr("META-INF/manifest.xml", manifest)
    store_as(*[(files["odp"], "odp", name, files[kind], None) for kind, name in _FILTERS.items()])
    return files
