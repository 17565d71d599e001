"""Delimited text to PDF: nothing in it may be changed by reading it."""

from pathlib import Path

import pytest

from chalicelib.domain.errors import CorruptDocument, EmptyDocument, LimitExceeded
from chalicelib.engines.job import InputFile
from chalicelib.engines.libreoffice import delimited_text
from chalicelib.engines.libreoffice.delimited_text import Table, read_table
from tests.integration.engines.libreoffice.office_bench import OfficeBench


def table_of(folder: Path, data: bytes) -> Table:
    """What is found in ``data``."""
    path = folder / "given.csv"
    path.write_bytes(data)
    return read_table(InputFile(path, path.name, "csv"), folder)


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A csv with ``text``."""
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "value",
    [
        "007",
        "1.50",
        "3-4",
        "1/2",
        "2026-01-02",
        "01.02.2026",
        "1e5",
        "12345678901234567890",
        "+49 30 1",
        "=1+1",
        "TRUE",
        "'x",
        "1,5",
        "50 %",
    ],
)
def test_value_stays_as_written_when_an_import_would_change_it(office: OfficeBench, value: str) -> None:
    path = write(office.folder, f'Name;Value;End\nx;"{value}";y\n')

    assert office.convert(path).text == f"Name Value End x {value} y"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_letters_are_right_when_the_encoding_is_one_of_the_usual(office: OfficeBench, encoding: str) -> None:
    path = write(office.folder, "Ort,Preis\nMünchen,über 5 €\nKöln,groß\n", encoding)

    result = office.convert(path)

    assert "München" in result.text
    assert "über 5 €" in result.text
    guessed = [text for text in result.warnings if "Windows-1252" in text]
    assert bool(guessed) == (encoding == "cp1252")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_columns_are_parted_when_the_separator_is_one_of_the_usual(office: OfficeBench, separator: str) -> None:
    rows = [["Name", "Amount", "Note"], ["A", "1", "x y"], ["B", "2", "z"]]
    path = write(office.folder, "\n".join(separator.join(row) for row in rows))

    report = office.convert(path).outcome.report

    assert (report["rows"], report["columns"], report["separator"]) == (3, 3, separator)


@pytest.mark.parametrize(
    ("data", "separator", "columns"),
    [
        (b"Name;Price\nA;1,5\nB;2,5\n", ";", 2),
        (b"a;1,5\nb;2,5\n", ";", 2),
        (b'"a;b",1\n"c;d",2\n', ",", 2),
        (b"sep=|\na|b,c\n", "|", 2),
        (b"only\none\ncolumn\n", ",", 1),
        (b"a,b\r\nc,d\r\n", ",", 2),
        (b"a,b\rc,d\r", ",", 2),
        (b"Long, text\tx\nmore, text, here\ty\nand\tz\n", "\t", 2),
    ],
)
def test_separator_is_found_when_others_occur_in_the_text(
    tmp_path: Path, data: bytes, separator: str, columns: int
) -> None:
    table = table_of(tmp_path, data)

    assert (table.separator, table.columns) == (separator, columns)


def test_line_that_names_the_separator_is_no_row_when_excel_wrote_it(office: OfficeBench) -> None:
    assert office.convert(write(office.folder, "sep=;\na;b\n")).text == "a b"


def test_quoted_fields_are_whole_when_they_hold_separators_quotes_and_lines(office: OfficeBench) -> None:
    path = write(office.folder, 'Name,Note\nx,"one, ""two""\nthree"\n')

    assert office.convert(path).text == 'Name Note x one, "two" three'


def test_numbers_are_put_to_the_right_when_a_column_has_only_such(tmp_path: Path) -> None:
    assert table_of(tmp_path, b"Name,Price,Code\nA,1.50,x1\nB,-2,2\nC,,3\n").numeric == (1,)


def test_long_text_is_wrapped_and_whole_when_its_neighbour_is_filled(office: OfficeBench) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    path = write(office.folder, f"Text,Next\n{words},end\n")

    result = office.convert(path)

    for number in range(60):
        assert f"word{number} " in result.text + " "
    assert "end" in result.text


def test_all_columns_are_on_one_a4_page_when_they_stay_legible(office: OfficeBench) -> None:
    row = ",".join(f"column{number}" for number in range(14))
    result = office.convert(write(office.folder, f"{row}\n{row}\n"))

    assert result.sizes == [(297, 210)]
    assert "column13" in result.text


def test_columns_go_on_several_pages_when_they_would_be_illegible(office: OfficeBench) -> None:
    row = ",".join(f"column{number}" for number in range(200))
    path = write(office.folder, f"{row}\n")

    assert office.convert(path).pages > 2
    assert office.convert(path, fit="width").pages < office.convert(path).pages


def test_nothing_is_added_when_a_table_is_laid_out(office: OfficeBench) -> None:
    assert office.convert(write(office.folder, "a,b\n")).text == "a b"


@pytest.mark.parametrize("data", [b"", b"\n\n", b" , ,\n", b"\xef\xbb\xbf"])
def test_file_is_refused_as_empty_when_it_holds_no_text(office: OfficeBench, data: bytes) -> None:
    path = office.folder / "empty.csv"
    path.write_bytes(data)

    with pytest.raises(EmptyDocument, match="holds no text"):
        office.convert(path)


def test_file_is_refused_when_it_is_binary(tmp_path: Path) -> None:
    with pytest.raises(CorruptDocument, match="no text file"):
        table_of(tmp_path, b"\x00\x01,\x00\x00\x02" * 10)


def test_rows_are_refused_when_a_sheet_can_t_hold_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited_text, "MOST_ROWS", 3)

    assert table_of(tmp_path, b"a\nb\nc\n").rows == 3
    with pytest.raises(LimitExceeded, match="more than the 3 rows"):
        table_of(tmp_path, b"a\nb\nc\nd\n")


def test_columns_are_refused_when_a_sheet_can_t_hold_them(tmp_path: Path) -> None:
    assert table_of(tmp_path, b"," * 16_383 + b"x\n").columns == 16_384
    with pytest.raises(LimitExceeded, match="16,384 columns"):
        table_of(tmp_path, b"," * 16_384 + b"x\n")


def test_field_is_refused_when_an_import_would_cut_it(tmp_path: Path) -> None:
    assert table_of(tmp_path, b"a," + b"x" * 65_535 + b"\n").columns == 2
    with pytest.raises(LimitExceeded, match=r"65,535 characters in row 2; is a quotation mark missing"):
        table_of(tmp_path, b'a,b\n"' + b"x,\n" * 40_000)
