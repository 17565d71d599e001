"""Lines of a paragraph as runs of text and all that stands among them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.engines.word.document.inline import (
    Break,
    BreakKind,
    Commented,
    Control,
    ControlKind,
    Field,
    Inline,
    Link,
    Look,
    NoteMark,
    Tab,
    Text,
)
from chalicelib.engines.word.draft.block import Join, ParagraphDraft
from chalicelib.engines.word.draft.line import Line, Piece
from chalicelib.engines.word.families import face_of, plain_name
from chalicelib.engines.word.pages.marks import FieldKind, FormField, Place
from chalicelib.engines.word.pages.text import Face
from chalicelib.engines.word.understand.leaders import without_leader
from chalicelib.engines.word.understand.widths import width_of

_CONTROLS = {
    FieldKind.TEXT: ControlKind.TEXT,
    FieldKind.CHECK: ControlKind.CHECK,
    FieldKind.RADIO: ControlKind.CHECK,
    FieldKind.CHOICE: ControlKind.DROPDOWN,
}
_HYPHENS = "-\u2010\u00ad"


class Runs:
    """Makes runs; ``substituted`` are the PDF's fonts for which another family stands."""

    def __init__(self, anchors: Mapping[Place, str], widths: Mapping[Face, float]) -> None:
        self._anchors, self._widths = anchors, widths
        self.substituted: dict[str, str] = {}

    def of(self, paragraph: ParagraphDraft) -> tuple[Inline, ...]:
        """The content of a paragraph."""
        found: list[Inline] = []
        joins = [*paragraph.joins, *[Join.BLANK] * len(paragraph.lines)]
        for at, (line, join) in enumerate(zip(paragraph.lines, joins, strict=False)):
            last = at == len(paragraph.lines) - 1
            found += self._line(line, None if last else join)
        return tuple(merged(found))

    def look(self, piece: Piece, size: float | None = None) -> Look:
        """How the piece looks in Word. ``size`` is that of the line, for what is raised or lowered."""
        face = piece.face
        mapped = face_of(face.font, 4 * face.serif + 8 * face.mono)
        if mapped.substituted:
            self.substituted[plain_name(face.font)] = mapped.family
        raised = piece.level != "base" or piece.small_caps
        written = round(2 * (size if raised and size else face.size)) / 2
        return Look(
            font=mapped.family,
            size=written,
            bold=face.bold or mapped.bold,
            italic=face.italic or mapped.italic,
            underline=piece.underline,
            strike=piece.strike,
            small_caps=piece.small_caps,
            level=piece.level,
            color=None if face.color == "000000" else face.color,
            highlight=piece.highlight,
            rtl=piece.rtl,
            language=piece.language,
            width=1.0 if raised else width_of(face, self._widths, written),
        )

    def _line(self, line: Line, join: Join | None) -> Iterator[Inline]:
        for at, piece in enumerate(line.pieces):
            look = self.look(piece, piece.around or line.size)
            after = line.pieces[at + 1] if at + 1 < len(line.pieces) else None
            if at and piece.gap == "\t":
                yield Tab(look)
            elif at and piece.gap:
                yield Text(" ", look)
            text = without_leader(piece.text) if after is not None and after.gap == "\t" else piece.text
            if after is None and join in (Join.HYPHEN, Join.SOFT):
                text = text[:-1] if text[-1:] in _HYPHENS else text
            yield from self._piece(piece, text, look)
            if after is None and join is not None:
                yield from _joint(join, look)

    def _piece(self, piece: Piece, text: str, look: Look) -> Iterator[Inline]:
        inline: Inline
        if piece.form is not None:
            inline = _control(piece.form, look)
        elif piece.note is not None:
            inline = NoteMark(piece.note, look, piece.text.strip() if piece.custom_mark else None)
        elif not text:
            return
        elif piece.page_field is not None:
            inline = Field(piece.page_field, (Text(text, look),))
        else:
            inline = Text(text, look)
        for comment in piece.comments:
            inline = Commented(comment, (inline,))
        if piece.link is not None:
            anchor = self._anchors.get(piece.link.place) if piece.link.place else None
            if piece.link.uri or anchor:
                inline = Link((inline,), uri=piece.link.uri, anchor=anchor)
        yield inline


def _joint(join: Join, look: Look) -> Iterator[Inline]:
    if join is Join.BREAK:
        yield Break()
    elif join is Join.COLUMN:
        yield Text(" ", look)
        yield Break(BreakKind.COLUMN)
    elif join in (Join.BLANK, Join.SOFT):
        yield Text(join.value, look)


def _control(field: FormField, look: Look) -> Control:
    return Control(
        kind=_CONTROLS.get(field.kind, ControlKind.TEXT),
        name=field.name,
        look=look,
        value=field.value,
        on=field.on,
        tick=field.tick,
        choices=field.choices,
        label=field.label,
        multiline=field.multiline,
        locked=field.read_only,
    )


def merged(inlines: Sequence[Inline]) -> list[Inline]:
    """Neighbours that look alike as one; the blank between two parts of a link belongs to it."""
    found: list[Inline] = []
    for one in inlines:
        before = found[-1] if found else None
        if isinstance(one, Text) and isinstance(before, Text) and _same(one, before):
            found[-1] = replace(before, text=before.text + one.text)
        elif isinstance(one, Link):
            _add_link(found, one)
        else:
            found.append(one)
    return found


def _same(one: Text, before: Text) -> bool:
    """A blank takes the look of what is before it, unless it is seen."""
    if one.text == " " and not (before.look.underline or before.look.highlight or before.look.strike):
        return before.look.level == "base"
    return one.look == before.look


def _add_link(found: list[Inline], link: Link) -> None:
    before = found[-2] if len(found) > 1 and _is_blank(found[-1]) else found[-1] if found else None
    if isinstance(before, Link) and (before.uri, before.anchor) == (link.uri, link.anchor):
        blank = [found.pop()] if _is_blank(found[-1]) else []
        found[-1] = replace(before, content=tuple(merged([*before.content, *blank, *link.content])))
    else:
        found.append(link)


def _is_blank(inline: Inline) -> bool:
    return isinstance(inline, Text) and inline.text == " "
