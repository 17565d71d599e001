"""Small documents that would hold a worker for ever."""

import io
import zipfile

LEVELS = 30
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def doubling_pdf(pages: int = 1) -> bytes:
    """A PDF whose first page draws a form that draws the next one twice, and so on; the others hold a word each."""
    first = 4 + 2 * pages
    forms = [_form(number, first) for number in range(LEVELS)]
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for page in range(pages):
        resources = f"/Resources<</Font<</A 3 0 R>>/XObject<</F {first} 0 R>> >>"
        objects.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]{resources}/Contents {5 + 2 * page} 0 R>>")
        objects.append(_stream("", "BT /A 12 Tf 20 20 Td (word) Tj ET" if page else "/F Do"))
    return _file([*objects, *forms])


def _form(number: int, first: int) -> str:
    head = "/Type/XObject/Subtype/Form/BBox[0 0 300 300]"
    if number == LEVELS - 1:
        return _stream(head, "0 0 m 10 10 l S")
    return _stream(f"{head}/Resources<</XObject<</F {first + number + 1} 0 R>> >>", "/F Do /F Do")


def _stream(entries: str, content: str) -> str:
    return f"<<{entries}/Length {len(content)}>>stream\n{content}\nendstream"


def _file(objects: list[str]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{tail}".encode()


def far_cells_xlsx() -> bytes:
    """A workbook with one cell in either corner of its sheet."""
    rows = (("A1", 1), ("XFD1048576", 1_048_576))
    cells = "".join(f'<row r="{row}"><c r="{name}"><v>1</v></c></row>' for name, row in rows)
    override = '<Override PartName="/xl/{}.xml" ContentType="' + _TYPE + '.{}+xml"/>'
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">{relations}'
        f"{override.format('workbook', 'sheet.main')}{override.format('worksheets/sheet1', 'worksheet')}</Types>",
        "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{cells}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def far_cells_ods() -> bytes:
    """A workbook with one cell in either corner of its sheet."""
    spaces = " ".join(f'xmlns:{one}="{_OPEN}:{one}:1.0"' for one in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    far = f'<table:table-cell table:number-columns-repeated="16383"/>{cell}'
    rows = (
        f"<table:table-row>{cell}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
        f"<table:table-row>{far}</table:table-row>"
    )
    sheet = f'<table:table table:name="S">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml", f'<office:document-content {spaces} office:version="1.3">{body}</office:document-content>'
        )
    return buffer.getvalue()


def _relation(kind: str, target: str) -> str:
    one = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'
