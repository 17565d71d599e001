"""What is refused of a container before LibreOffice sees it."""

import zipfile
from pathlib import Path

import pytest

from chalicelib.domain.errors import CorruptDocument, LimitExceeded
from chalicelib.engines.job import InputFile, Limits
from chalicelib.engines.office import archive as office_archive
from chalicelib.engines.office.compound import CompoundFile, NotCompound
from chalicelib.engines.office.files import check_container, import_filter, is_encrypted
from tests.integration.engines.libreoffice import samples

_TYPES = b'<Types><Override ContentType="application/vnd.x.wordprocessingml.document.main+xml"/></Types>'


def archive(path: Path, parts: dict[str, bytes]) -> InputFile:
    """A docx with these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {"[Content_Types].xml": _TYPES, **parts}.items():
            file.writestr(name, content)
    return InputFile(path, path.name, path.suffix[1:])


def test_archive_is_refused_when_it_has_too_many_parts(tmp_path: Path) -> None:
    source = archive(tmp_path / "many.docx", {f"p{number}": b"" for number in range(9)})

    check_container(source, Limits(zip_entries=10))
    with pytest.raises(LimitExceeded, match=r"'many\.docx' holds more than the 9 parts allowed \(zip_entries\)"):
        check_container(source, Limits(zip_entries=9))


def test_archive_is_refused_when_it_unpacks_to_too_much(tmp_path: Path) -> None:
    source = archive(tmp_path / "large.docx", {"a": b"x" * 60_000, "b": b"y" * 60_000})

    check_container(source, Limits(zip_bytes=130_000))
    with pytest.raises(LimitExceeded, match=r"more than 100,000 bytes \(zip_bytes\)"):
        check_container(source, Limits(zip_bytes=100_000))


def test_archive_is_refused_when_it_is_a_bomb(tmp_path: Path) -> None:
    source = archive(tmp_path / "bomb.docx", {"word/document.xml": b" " * (20 << 20)})

    with pytest.raises(LimitExceeded, match=r"more than 200 times its size \(zip_ratio\)"):
        check_container(source, Limits())


def test_small_archive_passes_when_a_blank_picture_packs_well(tmp_path: Path) -> None:
    check_container(archive(tmp_path / "blank.docx", {"word/media/a.bmp": bytes(8 << 20)}), Limits())


@pytest.mark.parametrize(
    "prolog",
    [
        b"<!DOCTYPE x>",
        b'<?xml version="1.0"?>\n<!-- c -->\n<!DOCTYPE x [<!ENTITY a "b">]>',
        "\ufeff<!DOCTYPE x>".encode("utf-16"),
    ],
)
def test_archive_is_refused_when_a_part_declares_a_dtd(tmp_path: Path, prolog: bytes) -> None:
    with pytest.raises(CorruptDocument, match=r"declares a DTD in 'word/document\.xml'"):
        check_container(archive(tmp_path / "dtd.docx", {"word/document.xml": prolog}), Limits())


def test_archive_passes_when_a_dtd_is_only_text(tmp_path: Path) -> None:
    content = b"<?xml version='1.0'?><a><![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>]]></a>"

    check_container(archive(tmp_path / "text.docx", {"word/document.xml": content}), Limits())


def test_dtd_of_an_old_manifest_passes_and_its_entities_do_not_when_the_document_is_odt(tmp_path: Path) -> None:
    named = b'<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m/>'
    check_container(archive(tmp_path / "old.odt", {"META-INF/manifest.xml": named}), Limits())

    with pytest.raises(CorruptDocument, match="DTD"):
        check_container(archive(tmp_path / "bad.odt", {"content.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}), Limits())


def test_workbook_is_refused_when_a_sheet_has_rows_below_the_last(tmp_path: Path) -> None:
    part = '<sheetData><row r="1"/><row spans="1:2" r="{}"/></sheetData>'
    name = "xl/worksheets/sheet1.xml"

    check_container(archive(tmp_path / "full.xlsx", {name: part.format(1_048_576).encode()}), Limits())
    with pytest.raises(LimitExceeded, match="1,048,576 rows"):
        check_container(archive(tmp_path / "over.xlsx", {name: part.format(1_048_577).encode()}), Limits())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06", b"no zip at all"])
def test_file_is_refused_as_corrupt_when_it_is_no_archive(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.docx"
    path.write_bytes(data)

    with pytest.raises(CorruptDocument, match=r"'broken\.docx' can't be read"):
        check_container(InputFile(path, path.name, "docx"), Limits())


def test_directory_is_not_read_when_it_is_larger_than_any_document_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = archive(tmp_path / "directory.docx", {f"p{number}": b"" for number in range(50)})
    monkeypatch.setattr(office_archive, "_DIRECTORY_BYTES", 1000)

    with pytest.raises(LimitExceeded, match="zip_entries"):
        check_container(source, Limits())


@pytest.mark.parametrize(
    ("name", "filter_name"),
    [
        ("report.docx", "MS Word 2007 XML"),
        ("report.doc", "MS Word 97"),
        ("report.odt", "writer8"),
        ("report.rtf", "Rich Text Format"),
        ("table.xlsx", "Calc MS Excel 2007 XML"),
        ("table.xls", "MS Excel 97"),
        ("table.ods", "calc8"),
        ("locked.docx", "MS Word 2007 XML"),
        ("locked.xlsx", "Calc MS Excel 2007 XML"),
    ],
)
def test_filter_is_that_of_the_bytes_when_a_document_is_whole(
    stored: dict[str, Path], name: str, filter_name: str
) -> None:
    path = stored[name]

    assert import_filter(InputFile(path, name, path.suffix[1:])) == filter_name
    assert is_encrypted(path) == name.startswith("locked")


@pytest.mark.parametrize(
    ("head", "kind", "filter_name"),
    [
        (b"\xdb\xa5\x2d\x00", "doc", "MS WinWord 5"),
        (b"\x31\xbe", "doc", "DosWord"),
        (b"\x09\x04\x06\x00", "xls", "MS Excel 4.0"),
    ],
)
def test_filter_is_an_old_one_when_the_file_is_older_than_the_container(
    tmp_path: Path, head: bytes, kind: str, filter_name: str
) -> None:
    path = tmp_path / f"old.{kind}"
    path.write_bytes(head + bytes(100))

    assert import_filter(InputFile(path, path.name, kind)) == filter_name


def test_word_6_filter_is_named_when_the_document_s_version_says_so(stored: dict[str, Path], tmp_path: Path) -> None:
    data = bytearray(stored["report.doc"].read_bytes())
    at = data.index(b"\xec\xa5")
    data[at + 2 : at + 4] = (101).to_bytes(2, "little")
    path = tmp_path / "six.doc"
    path.write_bytes(data)

    assert import_filter(InputFile(path, path.name, "doc")) == "MS WinWord 6.0"


@pytest.mark.parametrize("cut", [100, 600, 2000])
def test_compound_file_is_refused_or_read_in_part_when_it_is_cut(
    stored: dict[str, Path], tmp_path: Path, cut: int
) -> None:
    path = tmp_path / "cut.doc"
    path.write_bytes(stored["report.doc"].read_bytes()[:cut])

    with pytest.raises(NotCompound):
        CompoundFile(path).read("WordDocument")
    assert is_encrypted(path) is False


def test_compound_file_ends_when_its_chains_run_in_circles(tmp_path: Path) -> None:
    """A directory whose sector follows itself, and an entry that is its own sibling."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[0x1E:0x22] = b"\x09\x00\x06\x00"
    header[0x30:0x34] = (1).to_bytes(4, "little")
    header[0x38:0x3C] = (4096).to_bytes(4, "little")
    header[0x3C:0x40] = b"\xfe\xff\xff\xff"
    header[0x4C:0x200] = b"\xff" * 436
    header[0x4C:0x50] = bytes(4)
    fat = (0xFFFFFFFD).to_bytes(4, "little") + (1).to_bytes(4, "little") + b"\xff" * 504
    entry = bytearray(128)
    entry[64:67] = (4).to_bytes(2, "little") + b"\x05"
    entry[68:80] = (0).to_bytes(4, "little") * 3
    entry[116:120] = b"\xfe\xff\xff\xff"
    path = tmp_path / "circle.doc"
    path.write_bytes(bytes(header) + fat + bytes(entry) * 4)

    assert CompoundFile(path).names == frozenset()


def test_warm_documents_are_not_needed_when_containers_are_measured(tmp_path: Path) -> None:
    """A document that python-docx writes passes whole."""
    path = tmp_path / "plain.docx"
    samples.report(path)

    check_container(InputFile(path, path.name, "docx"), Limits())
