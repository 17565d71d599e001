"""pptx, ppt and odp to PDF."""

import zipfile
from pathlib import Path

import pytest

from chalicelib.domain.errors import PageOutOfRange
from tests.integration.engines.libreoffice.office_bench import OfficeBench, store_as

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


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three slides with notes and a hidden one, in every format."""
    folder = tmp_path_factory.mktemp("talks")
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


@pytest.mark.parametrize("kind", ["pptx", "ppt", "odp"])
def test_each_slide_is_a_page_and_hidden_ones_are_named_when_a_presentation_is_converted(
    office: OfficeBench, talks: dict[str, Path], kind: str
) -> None:
    result = office.convert(talks[kind])

    assert result.text == "Slide one Slide two Slide three"
    assert result.outcome.report["pages_out"] == 3
    assert "1 hidden slide was left out." in result.warnings


def test_only_named_slides_are_written_when_pages_is_given(office: OfficeBench, talks: dict[str, Path]) -> None:
    assert office.convert(talks["pptx"], pages="1,last").text == "Slide one Slide three"
    with pytest.raises(PageOutOfRange, match="has 3 pages"):
        office.convert(talks["pptx"], pages="4")


def test_notes_follow_the_slides_when_they_are_asked_for(office: OfficeBench, talks: dict[str, Path]) -> None:
    result = office.convert(talks["odp"], notes=True, pages="2")

    assert result.pages == 2
    assert "Say two" in result.text


def test_result_is_pdf_a_when_pdfa_is_given(office: OfficeBench, talks: dict[str, Path]) -> None:
    metadata = office.convert(talks["pptx"], pdfa="2b").reader.xmp_metadata

    assert metadata is not None
    assert metadata.pdfaid_part == "2"
