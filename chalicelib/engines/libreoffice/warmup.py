"""Two trivial conversions, so that the libraries for text and tables are loaded before a user's document comes."""

import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from chalicelib.engines.job import InputFile, Job, Outcome
from chalicelib.engines.libreoffice.listener import Listener

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def warm_up(listener: Listener, actions: Mapping[str, Callable[[Listener, Job], Outcome]]) -> None:
    """Convert a word and a cell; what goes wrong here goes wrong always, and is raised."""
    directory = listener.exchange
    for action, source in (("docx_to_pdf", _document(directory)), ("excel_to_pdf", _workbook(directory))):
        job = Job(action, (source,), directory / "warm.pdf", directory)
        listener.call(partial(actions[action], listener, job))


def _document(directory: Path) -> InputFile:
    text = "<w:p><w:r><w:t>warm</w:t></w:r></w:p>"
    parts = {
        "[Content_Types].xml": _types("/word/document.xml", f"{_TYPE}.wordprocessingml.document.main+xml"),
        "_rels/.rels": _relations("officeDocument", "word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{text}</w:body></w:document>',
    }
    return _written(directory / "warm.docx", parts)


def _workbook(directory: Path) -> InputFile:
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    parts = {
        "[Content_Types].xml": _types("/xl/workbook.xml", f"{_TYPE}.spreadsheetml.sheet.main+xml"),
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{row}</sheetData></worksheet>',
    }
    return _written(directory / "warm.xlsx", parts)


def _types(part: str, content_type: str) -> str:
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    main = f'<Override PartName="{part}" ContentType="{content_type}"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{relations}{xml}{main}</Types>'


def _relations(kind: str, target: str) -> str:
    one = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _written(path: Path, parts: Mapping[str, str]) -> InputFile:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return InputFile(path, path.name, path.suffix[1:])
