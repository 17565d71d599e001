"""docx, doc, odt and rtf to PDF."""

from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_SECTION

from chalicelib.domain.errors import CorruptDocument, EncryptedDocument, PageOutOfRange
from tests.integration.engines.libreoffice import samples
from tests.integration.engines.libreoffice.office_bench import PASSWORD, OfficeBench


@pytest.mark.parametrize("kind", ["docx", "doc", "odt", "rtf"])
def test_text_and_pages_are_kept_when_a_document_is_converted(
    office: OfficeBench, stored: dict[str, Path], kind: str
) -> None:
    result = office.convert(stored[f"report.{kind}"])

    assert result.pages == 3
    assert result.text == "Page one text. Page two text. Page three text."
    assert result.outcome.report["pages_in"] == result.outcome.report["pages_out"] == 3


def test_report_names_engine_and_version_when_a_document_is_converted(
    office: OfficeBench, stored: dict[str, Path]
) -> None:
    report = office.convert(stored["report.docx"]).outcome.report

    assert report["engine"] == "libreoffice"
    assert report["engine_version"][0].isdigit()
    assert "." in report["engine_version"]


@pytest.mark.parametrize(
    ("wanted", "words"), [("2", ["two"]), ("last", ["three"]), ("1,3", ["one", "three"]), ("2-", ["two", "three"])]
)
def test_only_the_named_pages_are_written_when_pages_is_given(
    office: OfficeBench, stored: dict[str, Path], wanted: str, words: list[str]
) -> None:
    result = office.convert(stored["report.docx"], pages=wanted)

    assert result.text == " ".join(f"Page {word} text." for word in words)
    assert result.outcome.report["pages_in"] == 3
    assert result.outcome.report["pages_out"] == len(words)


def test_range_is_refused_with_the_page_count_when_it_leaves_the_document(
    office: OfficeBench, stored: dict[str, Path]
) -> None:
    with pytest.raises(PageOutOfRange, match=r"'2-9' is out of range: the document has 3 pages"):
        office.convert(stored["report.docx"], pages="2-9")


def test_blank_pages_of_sections_are_not_counted_when_a_range_is_checked(office: OfficeBench) -> None:
    """A section that begins on an odd page leaves one blank for printing; no result has it."""
    document = docx.Document()
    document.add_paragraph("First.")
    document.add_section(WD_SECTION.ODD_PAGE)
    document.add_paragraph("Second.")
    path = office.folder / "odd.docx"
    document.save(str(path))

    assert office.convert(path).pages == 2
    assert office.convert(path, pages="2").text == "Second."


@pytest.mark.parametrize(("pdfa", "part"), [("1b", "1"), ("2b", "2"), ("3b", "3")])
def test_result_is_pdf_a_of_that_part_when_pdfa_is_given(
    office: OfficeBench, stored: dict[str, Path], pdfa: str, part: str
) -> None:
    result = office.convert(stored["report.docx"], pdfa=pdfa)

    metadata = result.reader.xmp_metadata
    assert metadata is not None
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == (part, "B")
    assert result.reader.root_object["/OutputIntents"]


def test_result_claims_no_standard_when_pdfa_is_none(office: OfficeBench, stored: dict[str, Path]) -> None:
    assert b"pdfaid" not in office.convert(stored["report.docx"], pdfa="none").path.read_bytes()


def test_metadata_equals_the_document_information_when_the_author_has_an_apostrophe(office: OfficeBench) -> None:
    document = docx.Document()
    document.add_paragraph("Text.")
    document.core_properties.author = "A. O'Neill & <Sons>"
    path = office.folder / "author.docx"
    document.save(str(path))

    reader = office.convert(path, pdfa="1b").reader

    assert reader.metadata is not None
    assert reader.xmp_metadata is not None
    assert reader.metadata.author == "A. O'Neill & <Sons>"
    assert reader.xmp_metadata.dc_creator == ["A. O'Neill & <Sons>"]


def test_result_is_tagged_when_nothing_is_asked_for(office: OfficeBench, stored: dict[str, Path]) -> None:
    root = office.convert(stored["report.docx"]).reader.root_object

    assert "/StructTreeRoot" in root
    assert root["/Lang"]


def test_result_is_tagged_and_titled_when_pdfua_is_asked_for(office: OfficeBench, stored: dict[str, Path]) -> None:
    result = office.convert(stored["report.docx"], pdfua=True, name="Annual report.docx")

    assert b"<pdfuaid:part>1<" in result.path.read_bytes()
    assert "/StructTreeRoot" in result.reader.root_object
    assert result.reader.metadata is not None
    assert result.reader.metadata.title == "Annual report"
    assert result.warnings == ()


def test_gap_is_named_when_pdfua_is_asked_of_a_picture_without_description(office: OfficeBench) -> None:
    samples.png(office.folder / "p.png")
    document = docx.Document()
    document.add_picture(str(office.folder / "p.png"))
    path = office.folder / "picture.docx"
    document.save(str(path))

    warnings = office.convert(path, pdfua=True).warnings

    assert warnings == ("PDF/UA: 1 image has no alternative text in the document, which PDF/UA requires.",)


@pytest.mark.parametrize("kind", ["docx", "doc", "odt"])
def test_document_opens_only_with_its_password_when_it_is_encrypted(
    office: OfficeBench, stored: dict[str, Path], kind: str
) -> None:
    locked = stored[f"locked.{kind}"]

    with pytest.raises(EncryptedDocument, match="is encrypted: pass its password"):
        office.convert(locked)
    with pytest.raises(EncryptedDocument, match="The password does not open"):
        office.convert(locked, password="wrong")
    assert office.convert(locked, password=PASSWORD).pages == 3


def test_password_is_ignored_when_the_document_has_none(office: OfficeBench, stored: dict[str, Path]) -> None:
    assert office.convert(stored["report.docx"], password="any").pages == 3


def test_old_document_is_read_as_what_it_is_when_it_is_named_docx(office: OfficeBench, stored: dict[str, Path]) -> None:
    assert office.convert(stored["report.doc"], kind="docx").pages == 3


def test_document_is_refused_as_corrupt_when_its_zip_is_cut(office: OfficeBench, stored: dict[str, Path]) -> None:
    cut = office.folder / "cut.docx"
    cut.write_bytes(stored["report.docx"].read_bytes()[:5000])

    with pytest.raises(CorruptDocument, match=r"'cut\.docx' can't be read"):
        office.convert(cut)


@pytest.mark.parametrize("kind", ["docx", "doc", "odt"])
def test_document_is_refused_as_corrupt_when_it_holds_another_program_s_data(
    office: OfficeBench, stored: dict[str, Path], kind: str
) -> None:
    other = {"docx": "table.xlsx", "doc": "table.xls", "odt": "table.ods"}[kind]

    with pytest.raises(CorruptDocument, match=f"holds no {kind} document"):
        office.convert(stored[other], kind=kind)


def test_comments_neither_end_the_engine_nor_cover_the_text_when_a_document_has_them(office: OfficeBench) -> None:
    """Their side bar aborts soffice where the packages without GUI are installed, once its event loop runs."""
    document = docx.Document()
    run = document.add_paragraph().add_run("Commented text.")
    document.add_comment(run, text="A remark", author="A", initials="A")
    path = office.folder / "comments.docx"
    document.save(str(path))

    for _ in range(3):
        result = office.convert(path)

    assert result.text == "Commented text."
    assert "/Annots" not in result.reader.pages[0]


def test_field_shows_the_name_it_was_sent_with_when_it_prints_the_file_s_name(office: OfficeBench) -> None:
    path = office.folder / "field.rtf"
    path.write_text(r"{\rtf1\ansi Name: {\field{\*\fldinst FILENAME}{\fldrslt old}}\par}")

    assert office.convert(path, name="Übersicht 2026.rtf").text == "Name: Übersicht 2026.rtf"


def test_replaced_font_is_named_when_a_document_asks_for_one_that_is_not_installed(office: OfficeBench) -> None:
    path = office.folder / "fonts.docx"
    samples.report(path, pages=1, font="No Such Family")

    outcome = office.convert(path).outcome

    used = outcome.report["fonts_substituted"]["No Such Family"]
    assert used
    assert any(f"No Such Family by {used}" in warning for warning in outcome.warnings)


def test_no_font_is_reported_when_all_are_installed(office: OfficeBench) -> None:
    path = office.folder / "fonts.docx"
    samples.report(path, pages=1, font="DejaVu Sans")

    outcome = office.convert(path).outcome

    assert outcome.report["fonts_substituted"] == {}
    assert outcome.warnings == ()
