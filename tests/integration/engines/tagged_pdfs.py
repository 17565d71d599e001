"""A PDF whose tags tell its table, as browsers print them: over several pages, the same head on each."""

from collections.abc import Sequence
from io import BytesIO
from typing import cast

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

_LEFT, _WIDTH, _TOP, _PITCH = 60, 120, 760, 18


def tagged_table(head: Sequence[str], pages: Sequence[Sequence[Sequence[str]]]) -> bytes:
    """A table without lines: ``head`` on each page, and under it the rows of that page."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    for rows in pages:
        for at, text in enumerate(text for row in (head, *rows) for text in row):
            row, column = divmod(at, len(head))
            canvas.saveState()
            canvas.addLiteral(f"/Span <</MCID {at}>> BDC")
            canvas.drawString(_LEFT + column * _WIDTH, _TOP - row * _PITCH, text)
            canvas.addLiteral("EMC")
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return _tagged(target.getvalue(), len(head), [len(rows) for rows in pages])


def _tagged(data: bytes, columns: int, rows: Sequence[int]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    root = _element(writer, "StructTreeRoot", None)
    table = _element(writer, "Table", root)
    head = _element(writer, "TR", _element(writer, "THead", table))
    body = _element(writer, "TBody", table)
    heads = [_element(writer, "TH", head) for _ in range(columns)]
    numbers = ArrayObject()
    for page, (sheet, count) in enumerate(zip(writer.pages, rows, strict=True)):
        lines = [_element(writer, "TR", body) for _ in range(count)]
        own = [*heads, *(_element(writer, "TD", line) for line in lines for _ in heads)]
        for mark, element in enumerate(own):
            mcr = {"/Type": NameObject("/MCR"), "/Pg": sheet.indirect_reference, "/MCID": NumberObject(mark)}
            cast("ArrayObject", element["/K"]).append(
                DictionaryObject({NameObject(key): value for key, value in mcr.items()})
            )
        sheet[NameObject("/StructParents")] = NumberObject(page)
        numbers += [NumberObject(page), writer._add_object(ArrayObject(one.indirect_reference for one in own))]
    root[NameObject("/ParentTree")] = DictionaryObject({NameObject("/Nums"): numbers})
    writer.root_object[NameObject("/StructTreeRoot")] = root.indirect_reference
    writer.root_object[NameObject("/MarkInfo")] = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def _element(writer: PdfWriter, role: str, parent: DictionaryObject | None) -> DictionaryObject:
    element = DictionaryObject({NameObject("/K"): ArrayObject()})
    writer._add_object(element)
    if parent is None:
        element[NameObject("/Type")] = NameObject(f"/{role}")
        return element
    element[NameObject("/S")] = NameObject(f"/{role}")
    element[NameObject("/P")] = parent.indirect_reference
    cast("ArrayObject", parent["/K"]).append(element.indirect_reference)
    return element
