"""What lies over a page: links, notes, marks and form fields; what becomes something in Word goes from the page."""

import re
from typing import Any

from chalicelib.engines.tables.pymupdf import pymupdf
from chalicelib.engines.word.pages.marks import FieldKind, FormField, LinkArea, Mark, MarkKind, Place, StickyNote
from chalicelib.engines.word.read.frame import Frame
from chalicelib.engines.word.symbols import dingbat

_URIS = ("http://", "https://", "mailto:", "tel:", "ftp://")
"""Kinds of links that may stand in a document; any other (``file:``, ``javascript:``) is text without a link."""

_MARKS = {8: MarkKind.HIGHLIGHT, 9: MarkKind.UNDERLINE, 10: MarkKind.SQUIGGLY, 11: MarkKind.STRIKE}
_NOTE, _POPUP = 0, 16
_MOMENT = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")
_KINDS = {
    1: FieldKind.BUTTON,
    2: FieldKind.CHECK,
    3: FieldKind.CHOICE,
    4: FieldKind.CHOICE,
    5: FieldKind.RADIO,
    6: FieldKind.SIGNATURE,
    7: FieldKind.TEXT,
}
"""PyMuPDF's numbers of widget types."""

_LIST = 4
_MULTILINE, _PASSWORD, _READ_ONLY = 1 << 12, 1 << 13, 1


def moment(text: str | None) -> str | None:
    """A PDF's date (``D:20261128014500+01'00'``) as ISO 8601 without a zone; None where it is none."""
    found = _MOMENT.match(text or "")
    if not found:
        return None
    year, *rest = (int(part) if part else None for part in found.groups())
    month, day, hour, minute, second = (
        part if part is not None else least for part, least in zip(rest, (1, 1, 0, 0, 0), strict=True)
    )
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"


def read_links(page: Any, frame: Frame) -> list[LinkArea]:
    """The links of an unrotated ``page``; places they lead to are on the unrotated pages still: see ``Place``."""
    found = []
    for link in page.get_links():
        box, xref = frame.box(link["from"]), int(link.get("xref") or 0)
        uri = str(link.get("uri") or "")
        if link["kind"] == pymupdf.LINK_URI and uri.lower().startswith(_URIS):
            found.append(LinkArea(box, uri=uri, xref=xref))
        elif link["kind"] in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED) and int(link.get("page", -1)) >= 0:
            to = link.get("to")
            place = (
                Place(int(link["page"]) + 1, float(to.x), float(to.y))
                if hasattr(to, "x")
                else Place(int(link["page"]) + 1)
            )
            found.append(LinkArea(box, place=place, xref=xref))
    return found


def read_notes(page: Any, frame: Frame) -> tuple[list[StickyNote], list[Mark]]:
    """The notes and marks of ``page``, which go from it: as icons and as ink they are not wanted."""
    notes: list[StickyNote] = []
    marks: list[Mark] = []
    gone = []
    for annotation in page.annots() or ():
        kind, info = annotation.type[0], annotation.info
        text, author, when = info.get("content") or "", info.get("title") or None, moment(info.get("modDate"))
        if kind == _NOTE:
            reply = annotation.irt_xref or None
            notes.append(StickyNote(frame.box(annotation.rect), text, author, when, annotation.xref, reply))
        elif kind in _MARKS:
            boxes = tuple(_line_boxes(annotation, frame))
            marks.append(Mark(_MARKS[kind], boxes, _color(annotation), text or None, author, when))
        if kind in _MARKS or kind in (_NOTE, _POPUP):
            gone.append(annotation)
    for annotation in gone:
        page.delete_annot(annotation)
    return notes, marks


def _line_boxes(annotation: Any, frame: Frame) -> list[tuple[float, float, float, float]]:
    points = annotation.vertices or []
    quads = [points[at : at + 4] for at in range(0, len(points) - 3, 4)]
    rects = [pymupdf.Quad(*quad).rect for quad in quads] or [annotation.rect]
    return [frame.box(rect) for rect in rects]


def _color(annotation: Any) -> str:
    channels = (annotation.colors or {}).get("stroke") or (1, 1, 0)
    values = [max(0, min(255, round(255 * float(one)))) for one in channels]
    return "".join(f"{one:02X}" for one in (values * 3)[:3] if True) if len(values) in (1, 3) else "FFFF00"


def read_fields(page: Any, frame: Frame) -> list[FormField]:
    """The form fields of ``page``, which go from it; buttons and signatures stay as they look."""
    found = []
    gone = []
    for widget in page.widgets() or ():
        field = _field(widget, frame)
        if field is not None:
            found.append(field)
            gone.append(widget)
    for widget in gone:
        page.delete_widget(widget)
    return found


def _field(widget: Any, frame: Frame) -> FormField | None:
    kind = _KINDS.get(widget.field_type)
    if kind in (None, FieldKind.BUTTON, FieldKind.SIGNATURE) or widget.field_display in (1, 3):
        return None
    flags, value = int(widget.field_flags or 0), widget.field_value
    ticked = kind in (FieldKind.CHECK, FieldKind.RADIO) and value not in (None, False, "", "Off", "No")
    if kind is FieldKind.RADIO:
        ticked = ticked and value in (True, widget.on_state())
    choices = [one[-1] if isinstance(one, (list, tuple)) else one for one in widget.choice_values or ()]
    seen = _seen(widget)
    return FormField(
        box=frame.box(widget.rect),
        kind=kind,
        name=str(widget.field_name or ""),
        label=widget.field_label or None,
        value="" if kind in (FieldKind.CHECK, FieldKind.RADIO) else _shown(seen, _text(value), widget.field_type),
        on=bool(ticked),
        tick=seen.strip() if ticked and len(seen.strip()) == 1 else None,
        choices=tuple(str(one) for one in choices),
        size=float(widget.text_fontsize or 0) * frame.scale,
        multiline=bool(flags & _MULTILINE),
        password=bool(flags & _PASSWORD),
        read_only=bool(flags & _READ_ONLY),
        xref=int(widget.xref),
    )


def _seen(widget: Any) -> str:
    """The letters of the field's appearance; those of Zapf's Dingbats as the signs that they are."""
    annotation = widget._annot  # the only way to a widget's own appearance
    blocks = annotation.get_text("dict")["blocks"] if annotation is not None else ()
    lines = (line["spans"] for block in blocks for line in block.get("lines", ()))
    return "\n".join("".join(map(_letters, spans)) for spans in lines)


def _letters(span: dict[str, Any]) -> str:
    text = str(span["text"])
    return "".join(map(dingbat, text)) if "dingbats" in span["font"].lower() else text


def _shown(seen: str, value: str, kind: int) -> str:
    """What a field shows: numbers and dates are printed in another form than they are stored, passwords are not.

    Where that is the same but for its lines, the value is; a list shows all choices, and its value is one of them.
    """
    if kind == _LIST or not seen.strip() or "".join(seen.split()) == "".join(value.split()):
        return value
    return "\n".join(line.strip() for line in seen.strip().splitlines())


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value or "")
