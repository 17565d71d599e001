"""Sections: stretches of pages of one size, with one way of numbering and one set of heads and feet."""

from collections import Counter
from collections.abc import Sequence

from chalicelib.engines.word.document.format import Role
from chalicelib.engines.word.draft.block import ParagraphDraft
from chalicelib.engines.word.draft.draft import Draft, PageDraft, RunningDraft, SectionDraft, paragraphs_in
from chalicelib.engines.word.understand.bidi import strength
from chalicelib.engines.word.understand.margins import page_setup
from chalicelib.engines.word.understand.running_parts import heads_of, is_head, running_blocks

_SAME_SIZE_PT = 2.0
_LEAST_RUN = 2
"""Heads that change after every page are those of one section; nobody makes a section for each page."""

_FIELDS = ("page", "numpages")
Heads = tuple[str, str]


def find_sections(draft: Draft) -> None:
    """Fill ``Draft.sections`` and ``Draft.even_differs``."""
    if not draft.pages:
        return
    draft.even_differs = _parity(draft.pages) is not None
    runs = [part for run in _same_size(draft.pages) for part in _same_heads(run, draft.even_differs)]
    at = 0
    for run in runs:
        section = _section(run, at, draft)
        draft.sections.append(section)
        at += len(run)


def _same_size(pages: Sequence[PageDraft]) -> list[list[PageDraft]]:
    runs: list[list[PageDraft]] = []
    for page in pages:
        if runs and _is_alike(runs[-1][-1], page):
            runs[-1].append(page)
        else:
            runs.append([page])
    return runs


def _is_alike(one: PageDraft, other: PageDraft) -> bool:
    near = abs(one.page.width - other.page.width) < _SAME_SIZE_PT
    return near and abs(one.page.height - other.page.height) < _SAME_SIZE_PT and not _renumbers(one, other)


def _renumbers(one: PageDraft, other: PageDraft) -> bool:
    if one.printed is None or other.printed is None:
        return False
    return one.printed[0] != other.printed[0] or other.printed[1] != one.printed[1] + 1


def _parity(pages: Sequence[PageDraft]) -> tuple[Heads, Heads] | None:
    """The heads of odd and even pages, where these differ throughout; the first page aside, and those without any."""
    headed = [page for page in pages[1:] if any(heads_of(page))]
    odd = [heads_of(page) for page in headed if _is_odd(page)]
    even = [heads_of(page) for page in headed if not _is_odd(page)]
    if len(odd) < 1 or len(even) < 2 or set(odd) & set(even):
        return None
    most_odd, most_even = Counter(odd).most_common(1)[0], Counter(even).most_common(1)[0]
    steady = most_odd[1] * 4 >= 3 * len(odd) and most_even[1] * 4 >= 3 * len(even)
    return (most_odd[0], most_even[0]) if steady else None


def _is_odd(page: PageDraft) -> bool:
    return (page.printed[1] if page.printed else page.number) % 2 == 1


def _same_heads(pages: list[PageDraft], even_differs: bool) -> list[list[PageDraft]]:
    """A run of pages cut where heads change for good. A page without any goes with those before it."""
    if even_differs or len(pages) < 2 * _LEAST_RUN:
        return [pages]
    runs: list[list[PageDraft]] = [[pages[0], pages[1]]]
    for page in pages[2:]:
        now, own = heads_of(page), heads_of(runs[-1][-1])
        if own != now and any(now) and any(own):
            runs.append([page])
        else:
            runs[-1].append(page)
    return runs if all(len(run) >= _LEAST_RUN for run in runs) or not _is_in_body(runs) else [pages]


def _is_in_body(runs: Sequence[Sequence[PageDraft]]) -> bool:
    """Whether heads that change often only repeat headings: then one of them may stand for all."""
    pages = [page for run in runs for page in run]
    body = " ".join(paragraph.text for page in pages for paragraph in page_paragraphs(page)).casefold()
    words = {word for page in pages for head in heads_of(page) for word in head.casefold().split()}
    return all(word in body or word in _FIELDS or word[0] == "[" for word in words)


def _section(pages: Sequence[PageDraft], at: int, draft: Draft) -> SectionDraft:
    setup = page_setup(pages)
    section = SectionDraft(at, at + len(pages) - 1, setup)
    text = "".join(paragraph.text for page in pages for paragraph in page_paragraphs(page))
    right, left = strength(text)
    section.rtl = right > left
    section.headers, section.footers = RunningDraft(), RunningDraft()
    _fill(section, pages, draft.even_differs)
    _number_lines(section, pages)
    _number(section, pages, draft.pages[at - 1] if at else None)
    return section


def _number_lines(section: SectionDraft, pages: Sequence[PageDraft]) -> None:
    firsts = [page.line_numbers for page in pages if page.line_numbers is not None]
    if firsts:
        section.lines_from = firsts[0]
        section.lines_restart = len(firsts) > 1 and firsts[1] <= firsts[0]


def page_paragraphs(page: PageDraft) -> list[ParagraphDraft]:
    """The paragraphs of a page, those in tables too."""
    return list(paragraphs_in(page.blocks))


def _fill(section: SectionDraft, pages: Sequence[PageDraft], even_differs: bool) -> None:
    """Heads and feet from the pages that stand for their kind: the first, an odd one, an even one."""
    others = pages[1:] or pages
    odd = [page for page in others if _is_odd(page)] if even_differs else others
    default = _typical(odd or others)
    section.first_differs = len(pages) > 1 and heads_of(pages[0]) != heads_of(default) and _differs(pages, even_differs)
    _put(section, default, "default")
    if section.first_differs:
        _put(section, pages[0], "first")
    if even_differs:
        even = [page for page in others if not _is_odd(page)]
        _put(section, _typical(even) if even else default, "even")


def _differs(pages: Sequence[PageDraft], even_differs: bool) -> bool:
    """Whether the first page has other heads than those of its own kind."""
    if not even_differs:
        return True
    kind = [page for page in pages[1:] if _is_odd(page) == _is_odd(pages[0])]
    return not kind or heads_of(_typical(kind)) != heads_of(pages[0])


def _typical(pages: Sequence[PageDraft]) -> PageDraft:
    counts = Counter(heads_of(page) for page in pages)
    best = max(counts, key=lambda heads: (counts[heads], sum(map(len, heads))))
    return next(page for page in pages if heads_of(page) == best)


def _put(section: SectionDraft, page: PageDraft, kind: str) -> None:
    left, right = section.setup.left, section.setup.width - section.setup.right
    heads = running_blocks(page.heads, Role.HEADER, left, right)
    feet = running_blocks(page.feet, Role.FOOTER, left, right)
    setattr(section.headers, kind, [*heads, *(one for one in page.running_pictures if is_head(one, page))])
    setattr(section.footers, kind, [*feet, *(one for one in page.running_pictures if not is_head(one, page))])


def _number(section: SectionDraft, pages: Sequence[PageDraft], before: PageDraft | None) -> None:
    """Where its page numbers begin and how they are written, as far as Word would not do so by itself."""
    shown = next(((at, page.printed) for at, page in enumerate(pages) if page.printed), None)
    if shown is None or shown[1] is None:
        return
    at, (form, value) = shown
    first = value - at
    goes_on = before is None and first == 1
    if before is not None:
        goes_on = before.printed is not None and before.printed == (form, first - 1)
    section.number_from = None if goes_on or first < 0 else first
    section.number_format = None if form == "decimal" else form
