"""What is rewritten in a document before LibreOffice loads it."""

import pytest

from chalicelib.engines.office.docx_fields import with_stored_results
from chalicelib.engines.office.odt_values import with_shown_values
from chalicelib.engines.office.xlsx_formulas import Calculation
from chalicelib.engines.office.xlsx_formulas import with_stored_results as with_stored_cells


def field(instruction: str, result: str) -> bytes:
    """A field of three marks, each in a run of its own."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instructed = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    shown = f"<w:r><w:t>{result}</w:t></w:r>"
    return "".join((mark.format("begin"), instructed, mark.format("separate"), shown, mark.format("end"))).encode()


@pytest.mark.parametrize(
    "instruction", ["DATE", "IF 1 = 1 a b", "REF gone \\h", "MERGEFIELD Name", "FILENAME \\p", "= 2*3"]
)
def test_a_field_is_its_stored_result_when_it_would_be_calculated(instruction: str) -> None:
    text = with_stored_results(field(instruction, "stored"), frozenset())

    assert b"<w:t>stored</w:t>" in text
    assert b"fldChar" not in text
    assert b"instrText" not in text


@pytest.mark.parametrize("instruction", ["PAGE", "NUMPAGES", "TOC \\o 1-3", "FORMCHECKBOX", 'HYPERLINK "http://x"'])
def test_a_field_is_left_when_it_follows_the_pages_or_is_a_link(instruction: str) -> None:
    assert with_stored_results(field(instruction, "1"), frozenset()) == field(instruction, "1")


def test_a_reference_is_a_link_with_its_stored_words_when_its_target_is_there() -> None:
    text = with_stored_results(field("REF _Ref1 \\h", "section 4"), frozenset({b"_Ref1"}))

    assert b'HYPERLINK \\l "_Ref1"' in text
    assert b"<w:t>section 4</w:t>" in text


def test_what_a_field_asks_about_is_not_shown_when_a_field_stands_in_its_condition() -> None:
    inner = field("MERGEFIELD Sex", "f").decode()
    outer = (
        field("IF INNER = f Madam Sir", "Madam")
        .decode()
        .replace("INNER", f"</w:instrText></w:r>{inner}<w:r><w:instrText>")
    )

    text = with_stored_results(outer.encode(), frozenset())

    assert b"<w:t>f</w:t>" not in text
    assert b"<w:t>Madam</w:t>" in text


def test_a_date_is_fixed_and_a_cell_is_its_text_when_an_odt_is_read() -> None:
    content = (
        b'<text:date text:date-value="2008-11-25">25.11.2008</text:date>'
        b'<table:table-cell office:value-type="date" office:date-value="2024-03-05"><text:p>05.03.2024</text:p>'
        b'<text:file-name text:display="full">/home/x.odt</text:file-name>'
    )

    text = with_shown_values(content)

    assert b'<text:date text:date-value="2008-11-25" text:fixed="true">' in text
    assert b"<table:table-cell><text:p>05.03.2024" in text
    assert b'text:display="name-and-extension"' in text


def cell(formula: str, value: str) -> bytes:
    """A cell of a sheet."""
    return f'<c r="A1"><f>{formula}</f><v>{value}</v></c>'.encode()


@pytest.mark.parametrize(
    "formula", ["[1]Other!A1", "'C:\\x\\[book.xlsx]S'!A1", "MACRO(A2)", "_xlfn.NEWEST(A2)", "TODAY()-1"]
)
def test_a_stored_result_is_kept_when_it_can_t_be_calculated(formula: str) -> None:
    rewrite = with_stored_cells(Calculation(False, frozenset({"SUM"})))

    assert rewrite(cell(formula, "7")) == b'<c r="A1"><v>7</v></c>'


@pytest.mark.parametrize("formula", ["SUM(A2:A3)", "_xlfn.SUM(A2)", "Table1[Sum]+1", '"MACRO("&amp;A2'])
def test_a_formula_is_left_when_it_can_be_calculated(formula: str) -> None:
    rewrite = with_stored_cells(Calculation(False, frozenset({"SUM"})))

    assert rewrite(cell(formula, "7")) == cell(formula, "7")


def test_a_formula_is_left_when_no_result_was_stored() -> None:
    rewrite = with_stored_cells(Calculation(True, frozenset({"SUM"})))

    assert rewrite(b'<c r="A1"><f>MACRO(A2)</f></c>') == b'<c r="A1"><f>MACRO(A2)</f></c>'
    assert rewrite(cell("TODAY()", "0")) == cell("TODAY()", "0")


def test_an_empty_cell_is_no_part_of_the_next_when_it_is_closed_at_once() -> None:
    rewrite = with_stored_cells(Calculation(False, frozenset({"SUM"})))
    empty = b'<c r="A1" s="1"/>'

    assert rewrite(empty + cell("SUM(A2)", "7")) == empty + cell("SUM(A2)", "7")
    assert rewrite(empty + cell("MACRO(A2)", "7")) == empty + b'<c r="A1"><v>7</v></c>'
