"""Styles: the text's font and size by frequency, and the look that most letters of each role have."""

from collections import Counter, defaultdict
from dataclasses import replace

from chalicelib.engines.word.document.document import Style
from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.document.inline import Level, Look
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft, paragraphs_in
from chalicelib.engines.word.understand.runs import Runs


def find_body(draft: Draft) -> None:
    """Set ``Draft.body_size`` and ``body_font``: those of most letters of paragraphs; of all where these are few."""
    counts: Counter[tuple[str, float]] = Counter()
    for paragraph in [*draft.paragraphs(), *([] if draft.paragraphs() else draft.every_paragraph())]:
        for line in paragraph.lines:
            for piece in line.pieces:
                if piece.level is Level.BASE:
                    counts[piece.face.font, round(2 * piece.face.size) / 2] += len(piece.text)
    if counts:
        (draft.body_font, draft.body_size), _ = counts.most_common(1)[0]


def find_styles(draft: Draft) -> None:
    """Fill ``Draft.styles`` for every role that paragraphs have; what lies is found with the formats."""
    looks: dict[tuple[Role, int], Counter[Look]] = defaultdict(Counter)
    runs = Runs({}, draft.widths)
    for paragraph in _all(draft):
        for line in paragraph.lines:
            for piece in line.pieces:
                look = runs.look(piece, piece.around or line.size)
                looks[paragraph.role, paragraph.level][_plain(look)] += len(piece.text.strip())
    for key, counts in looks.items():
        draft.styles[key] = Style(counts.most_common(1)[0][0])
    if (Role.NORMAL, 0) not in draft.styles:
        draft.styles[Role.NORMAL, 0] = Style(next((one.look for one in draft.styles.values()), Look("Calibri", 11.0)))


def _all(draft: Draft) -> list[ParagraphDraft]:
    found = draft.paragraphs() or list(draft.every_paragraph())
    for section in draft.sections:
        for running in (section.headers, section.footers):
            for blocks in (running.default, running.first, running.even):
                found += paragraphs_in(blocks)
    return found + [paragraph for note in draft.notes for paragraph in note.paragraphs]


def _plain(look: Look) -> Look:
    """What a style may say: not what is said of single words."""
    return replace(look, level=Level.BASE, highlight=None, underline=False, strike=False, rtl=False, language=None)
