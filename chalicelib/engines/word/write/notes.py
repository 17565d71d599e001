"""Foot- and endnotes, comments: parts beside the body."""

from collections.abc import Iterator
from dataclasses import replace
from zlib import crc32

from chalicelib.engines.word.document.block import Block
from chalicelib.engines.word.document.document import Comment
from chalicelib.engines.word.document.inline import NoteKind
from chalicelib.engines.word.write.blocks import blocks_text
from chalicelib.engines.word.write.moments import moment
from chalicelib.engines.word.write.story import Story, Writing
from chalicelib.engines.word.write.styles import (
    COMMENT_REFERENCE,
    COMMENT_TEXT,
    ENDNOTE_REFERENCE,
    FOOTNOTE_REFERENCE,
)
from chalicelib.engines.word.write.texts import text_run
from chalicelib.engines.word.write.xml import root, tag, w, whole

SEPARATORS = {-1: "separator", 0: "continuationSeparator"}
"""The lines between text and notes: Word wants them as notes of their own."""

_LONGEST_AUTHOR = 255
"""Letters that Word takes."""


def notes_part(writing: Writing, kind: NoteKind, story: Story) -> Iterator[str]:
    """``footnotes.xml`` or ``endnotes.xml`` with the notes that are referred to."""
    foot = kind is NoteKind.FOOTNOTE
    name = "footnote" if foot else "endnote"
    opening, closing = root(f"w:{name}s")
    yield opening
    for identifier, line in SEPARATORS.items():
        yield w(name, w("p", w("r", w(line))), type=line, id=identifier)
    style = FOOTNOTE_REFERENCE if foot else ENDNOTE_REFERENCE
    mark = w("r", w("rPr", w("rStyle", val=style)), w(f"{name}Ref")) + text_run(" ", "")
    inside = replace(story, kind=kind)
    for number, identifier in writing.notes.items():
        note = writing.document.notes[number]
        if note.kind is kind:
            custom = writing.custom_marks.get(number)
            lead = text_run(custom + " ", "") if custom else mark
            yield w(name, blocks_text(note.blocks, inside, lead), id=identifier)
    yield closing


def orphans(writing: Writing) -> Iterator[Block]:
    """Blocks of notes that nothing refers to: they must stand somewhere."""
    for number, note in enumerate(writing.document.notes):
        if number not in writing.notes:
            yield from note.blocks


def comments_part(writing: Writing) -> str:
    """``comments.xml``: the comments that are placed."""
    found = writing.document.comments
    return whole("w:comments", *(_comment(number, found[number]) for number in sorted(writing.comments)))


def _comment(number: int, comment: Comment) -> str:
    author = (comment.author or "")[:_LONGEST_AUTHOR]
    initials = "".join(word[0] for word in author.split()[:3])
    reference = w("r", w("rPr", w("rStyle", val=COMMENT_REFERENCE)), w("annotationRef"))
    lines = comment.text.splitlines() or [""]
    paragraphs = (
        _paragraph(number if at == len(lines) - 1 else None, (reference if at == 0 else "") + text_run(line, ""))
        for at, line in enumerate(lines)
    )
    return w("comment", *paragraphs, id=number, author=author, date=moment(comment.moment), initials=initials or None)


def _paragraph(comment: int | None, inside: str) -> str:
    """The last one of a comment has an identifier, by which answers name it."""
    head = w("pPr", w("pStyle", val=COMMENT_TEXT))
    return tag("w:p", head, inside, w14_paraId=paragraph_id(comment) if comment is not None else None)


def threads_part(writing: Writing) -> str | None:
    """``commentsExtended.xml``: which comment answers which; None when none does."""
    found = writing.document.comments
    answers = [(one, found[one].reply_to) for one in sorted(writing.comments)]
    if all(to is None for _, to in answers):
        return None
    entries = (
        tag(
            "w15:commentEx",
            w15_paraId=paragraph_id(one),
            w15_paraIdParent=paragraph_id(to) if to in writing.comments and to is not None else None,
            w15_done="0",
        )
        for one, to in answers
    )
    return whole("w15:commentsEx", *entries)


def paragraph_id(comment: int) -> str:
    """Eight hexadecimal digits, below 80000000, not zero."""
    return f"{crc32(f'comment {comment}'.encode()) % 0x7FFFFFFE + 1:08X}"
