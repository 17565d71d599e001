"""pptx, ppt and odp to PDF."""

from pathlib import Path

import pytest

from chalicelib.domain.errors import PageOutOfRange
from tests.integration.engines.libreoffice.office_bench import OfficeBench


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
