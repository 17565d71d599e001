"""Tables of contents: lines of titles that dots or a tab lead to page numbers, one below the other."""

import re
from collections.abc import Sequence

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.cutting import cut
from chalicelib.engines.word.draft.draft import ContentsDraft, Draft
from chalicelib.engines.word.draft.line import Line, Piece

_LED = re.compile(r"\S.*?(?:[.\u2026\u00b7_]\s?){4,}\s*\t?\s*(\d{1,4}|[ivxlc]{1,7}|[IVXLC]{1,7})$", re.S)
_TABBED = re.compile(r"\S.*\t\s*(\d{1,4}|[ivxlc]{1,7})$", re.S)
_NUMBER = re.compile(r"(\d{1,4}|[ivxlcIVXLC]{1,7})$")
_CAPTIONED = re.compile(r"^(figure|fig|table|tab|abbildung|abb|tabelle|figura|tabla|tableau|listing)\b\.?\s*\d", re.I)
_HEADINGS = frozenset(
    [
        "contents",
        "tableofcontents",
        "inhalt",
        "inhaltsverzeichnis",
        "sommaire",
        "tabledesmatières",
        "índice",
        "indice",
        "contenido",
        "sumário",
        "sumario",
        "conteúdo",
        "содержание",
        "оглавление",
        "目录",
        "目錄",
        "目次",
        "차례",
        "목차",
        "innehåll",
        "innehållsförteckning",
        "inhoud",
        "inhoudsopgave",
        "spistreści",
        "obsah",
        "indhold",
        "sisällys",
        "sisällysluettelo",
        "תוכןעניינים",
        "المحتويات",
        "فهرس",
    ]
)
_LEAST = 3
"""So many entries make a table of contents; two, where a heading says so."""

_STEP_PT = 4.0
_LEVELS = 9


def find_contents(draft: Draft) -> None:
    """Set ``contents``, ``role`` and ``level`` of entries, and fill ``Draft.contents``; runs before lists are found."""
    _split_entries(draft)
    paragraphs = [one for one in draft.paragraphs() if one.lines]
    run: list[ParagraphDraft] = []
    before: ParagraphDraft | None = None
    for at, one in enumerate([*paragraphs, None]):
        if one is not None and _is_entry(one):
            before = paragraphs[at - 1] if not run and at else before
            run.append(one)
            continue
        if run:
            _take(draft, run, before)
        run, before = [], None


def _split_entries(draft: Draft) -> None:
    """Entries that were read as one paragraph, as their lines are full, are paragraphs of their own."""
    for page in draft.pages:
        for stretch in page.stretches:
            for column in stretch.columns:
                column.blocks = [
                    part
                    for block in column.blocks
                    for part in (_parts(block) if isinstance(block, ParagraphDraft) else [block])
                ]


def _parts(paragraph: ParagraphDraft) -> list[ParagraphDraft]:
    ends = [at for at, line in enumerate(paragraph.lines) if _LED.match(line.text)]
    if len(paragraph.lines) < 2 or not ends or ends == [len(paragraph.lines) - 1]:
        return [paragraph]
    parts, start = [], 0
    for end in [*ends, len(paragraph.lines) - 1]:
        if end >= start:
            lines, joins = paragraph.lines[start : end + 1], paragraph.joins[start:end]
            parts.append(
                ParagraphDraft(lines, paragraph.left, paragraph.right, joins, paragraph.role, element=paragraph.element)
            )
            start = end + 1
    return parts


def _is_entry(paragraph: ParagraphDraft) -> bool:
    text = paragraph.lines[-1].text.rstrip()
    if _is_heading(paragraph):
        return False
    if paragraph.role is Role.CONTENTS_ENTRY or _LED.match(text):
        return True
    return bool(_TABBED.match(text)) and any(piece.link and piece.link.place for piece in paragraph.lines[-1].pieces)


def _is_heading(paragraph: ParagraphDraft) -> bool:
    return "".join(paragraph.text.casefold().split()).rstrip(":") in _HEADINGS


def _take(draft: Draft, run: Sequence[ParagraphDraft], before: ParagraphDraft | None) -> None:
    headed = before is not None and _is_heading(before)
    if len(run) < (2 if headed or run[0].role is Role.CONTENTS_ENTRY else _LEAST):
        for one in run:
            one.role = Role.NORMAL if one.role is Role.CONTENTS_ENTRY else one.role
        return
    if before is not None and headed:
        before.role, before.level = Role.CONTENTS_HEADING, 0
    lefts = _steps([_indent(one) for one in run])
    for one in run:
        one.role, one.contents = Role.CONTENTS_ENTRY, len(draft.contents)
        one.level = min(_LEVELS, 1 + max(at for at, left in enumerate(lefts) if _indent(one) >= left - _STEP_PT / 2))
        _part_number(one.lines[-1])
    captions = [match[1] for one in run if (match := _CAPTIONED.match(one.text))]
    caption = captions[0].capitalize() if 2 * len(captions) > len(run) else None
    draft.contents.append(ContentsDraft((1, max(one.level for one in run)), caption))


def _indent(paragraph: ParagraphDraft) -> float:
    line = paragraph.lines[0]
    return paragraph.right - line.right if line.rtl else line.left - paragraph.left


def _steps(indents: Sequence[float]) -> list[float]:
    steps: list[float] = []
    for indent in sorted(indents):
        if not steps or indent > steps[-1] + _STEP_PT:
            steps.append(indent)
    return steps


def _part_number(line: Line) -> None:
    """Cut the number off its title and its dots: a tab stands between."""
    last = line.pieces[-1]
    found = _NUMBER.search(last.text.rstrip())
    if found is None:
        return
    if found.start() == 0:
        last.gap = "\t" if len(line.pieces) > 1 else last.gap
        _join_dots(line)
        return
    head, number = cut(last, found.start())
    number.gap = "\t"
    line.pieces[-1:] = [_trimmed(head), number]
    _join_dots(line)


def _trimmed(piece: Piece) -> Piece:
    kept, _ = cut(piece, len(piece.text.rstrip()))
    return kept


def _join_dots(line: Line) -> None:
    """Dots that are a piece of their own are the end of the piece before them, so that they are seen as its leader."""
    if len(line.pieces) < 3:
        return
    title, dots = line.pieces[-3], line.pieces[-2]
    if re.fullmatch(r"[.\u2026\u00b7_\s]+", dots.text):
        title.text += dots.text
        title.starts += dots.starts
        title.ends += dots.ends
        del line.pieces[-2]
