"""What stands in a paragraph: runs, links, fields, marks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.engines.word.document.document import Note
from chalicelib.engines.word.document.formula import Formula
from chalicelib.engines.word.document.inline import (
    Break,
    BreakKind,
    Commented,
    Control,
    Field,
    Inline,
    Level,
    Link,
    Look,
    NoteKind,
    NoteMark,
    Tab,
    Text,
)
from chalicelib.engines.word.document.picture import Picture
from chalicelib.engines.word.write.controls import control_xml
from chalicelib.engines.word.write.formulas import formula_xml
from chalicelib.engines.word.write.links import target
from chalicelib.engines.word.write.looks import run_properties
from chalicelib.engines.word.write.pictures import picture_run
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.styles import COMMENT_REFERENCE, ENDNOTE_REFERENCE, FOOTNOTE_REFERENCE, HYPERLINK
from chalicelib.engines.word.write.texts import text_run
from chalicelib.engines.word.write.units import color
from chalicelib.engines.word.write.xml import escape, tag, w

_BREAKS = {
    BreakKind.LINE: "<w:r><w:br/></w:r>",
    BreakKind.COLUMN: '<w:r><w:br w:type="column"/></w:r>',
    BreakKind.PAGE: '<w:r><w:br w:type="page"/></w:r>',
}


def inlines_xml(content: Sequence[Inline], story: Story) -> str:
    """All of ``content`` one after the other."""
    return "".join(_WRITERS[type(one)](one, story) for one in content)


def _text(text: Text, story: Story) -> str:
    return text_run(text.text, _look(text.look, story))


def _tab(tab: Tab, story: Story) -> str:
    return f"<w:r>{_look(tab.look, story)}<w:tab/></w:r>"


def _look(look: Look, story: Story) -> str:
    return run_properties(look, story.look, story.style)


def _link(link: Link, story: Story) -> str:
    """A link, or only its text where it leads nowhere, stands in another link, or is that of a note's mark."""
    uri = target(link.uri) if link.uri else None
    name = story.writing.bookmarks.name(link.anchor) if link.anchor and not uri else None
    marked = any(isinstance(one, NoteMark) for one in link.content)
    if story.linked or marked or not (uri or name):
        return inlines_xml(link.content, story)
    inside = replace(story, linked=True)
    if any(_stands_out(look, story.look) for look in _looks(link.content)):
        inside = replace(inside, base=story.writing.styles.linked(story.look), style=HYPERLINK)
    relation = story.part.relate("hyperlink", uri, external=True) if uri else None
    return tag("w:hyperlink", inlines_xml(link.content, inside), r_id=relation, w_anchor=name, w_history=1)


def _stands_out(look: Look, base: Look) -> bool:
    return look.underline != base.underline or color(look.color) != color(base.color)


def _looks(content: Sequence[Inline]) -> Iterator[Look]:
    for one in content:
        if isinstance(one, Text):
            yield one.look
        elif isinstance(one, Field | Commented):
            yield from _looks(one.content)


def _field(field: Field, story: Story) -> str:
    """A field; what is updated later looks like the first of its stored letters."""
    look = next(_looks(field.content), None)
    properties = _look(look, story) if look else ""
    begin, end = field_ends(field.instruction, properties)
    return begin + inlines_xml(field.content, story) + end


def field_ends(instruction: str, properties: str = "") -> tuple[str, str]:
    """What goes before the stored result of a field, and what after it."""

    def mark(kind: str) -> str:
        return f'<w:r>{properties}<w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f'<w:r>{properties}<w:instrText xml:space="preserve"> {escape(instruction.strip())} </w:instrText></w:r>'
    return mark("begin") + code + mark("separate"), mark("end")


def _note_mark(mark: NoteMark, story: Story) -> str:
    """The reference to a note; where none may stand, or for the second time, only what it looks like."""
    notes, writing = story.writing.document.notes, story.writing
    note = notes[mark.note] if 0 <= mark.note < len(notes) else None
    look = replace(mark.look, level=Level.SUPER)
    if note is None or not story.notes or mark.note in writing.notes:
        return text_run(mark.custom or str(writing.notes.get(mark.note, "")), _look(look, story))
    number = 1 + sum(notes[one].kind is note.kind for one in writing.notes)
    if mark.custom:
        writing.custom_marks[mark.note] = mark.custom
    writing.notes[mark.note] = number
    return _reference(note, number, look, mark.custom, story)


def _reference(note: Note, number: int, look: Look, custom: str | None, story: Story) -> str:
    foot = note.kind is NoteKind.FOOTNOTE
    style = FOOTNOTE_REFERENCE if foot else ENDNOTE_REFERENCE
    properties = run_properties(look, story.writing.styles.reference(story.look), style)
    name = "footnoteReference" if foot else "endnoteReference"
    reference = w(name, customMarkFollows=1 if custom else None, id=number)
    own = w("t", escape(custom)) if custom else ""
    return f"<w:r>{properties}{reference}{own}</w:r>"


def _commented(commented: Commented, story: Story) -> str:
    inside = inlines_xml(commented.content, story)
    threads = story.writing.thread(commented.comment)
    if not story.comments or not threads:
        return inside
    starts = "".join(w("commentRangeStart", id=one) for one in threads)
    return starts + inside + comment_ends(threads)


def comment_ends(comments: Sequence[int]) -> str:
    """The ends of comments' ranges, and the references to the comments."""
    properties = w("rPr", w("rStyle", val=COMMENT_REFERENCE))
    return "".join(
        w("commentRangeEnd", id=one) + f"<w:r>{properties}{w('commentReference', id=one)}</w:r>" for one in comments
    )


_WRITERS: dict[type, Callable[[Any, Story], str]] = {
    Text: _text,
    Tab: _tab,
    Break: lambda one, _story: _BREAKS[one.kind],
    Link: _link,
    Field: _field,
    NoteMark: _note_mark,
    Commented: _commented,
    Control: control_xml,
    Picture: lambda one, story: picture_run(one, story, None),
    Formula: lambda one, _story: formula_xml(one),
}
"""How each kind of ``Inline`` is written."""
