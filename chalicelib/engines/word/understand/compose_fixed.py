"""What stands at fixed places, as blocks of the document: whole pages, turned lines, hidden text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from chalicelib.engines.word.document.block import Block, FixedPage, Paragraph, TextBox
from chalicelib.engines.word.document.document import Way
from chalicelib.engines.word.document.format import Format, LineSpacing, SpacingRule
from chalicelib.engines.word.document.inline import Inline, Text
from chalicelib.engines.word.document.picture import Anchor, Picture
from chalicelib.engines.word.document.section import PageSetup, Section
from chalicelib.engines.word.draft.block import ParagraphDraft, PictureDraft
from chalicelib.engines.word.draft.draft import PageDraft
from chalicelib.engines.word.draft.line import Line
from chalicelib.engines.word.pages.drawn import Drawing
from chalicelib.engines.word.pages.page import Page
from chalicelib.engines.word.understand.boxes import LineBox, boxes_of

WriteLine = Callable[[ParagraphDraft], Sequence[Inline]]
Paint = Callable[[PictureDraft], Picture | None]

_MARGIN_PT = 36.0


def fixed_section(page: PageDraft, write: WriteLine, paint: Paint) -> Section:
    """A page at fixed places as a section of its own, without head and foot: these are on it."""
    shown = page.shown or page.page
    setup = PageSetup(shown.width, shown.height, _MARGIN_PT, _MARGIN_PT, 0.0, _MARGIN_PT)
    covered = page.way is Way.PICTURE
    boxes = tuple(replace(one, behind=covered) for one in line_boxes(page.fixed_lines, write))
    blocks: list[Block] = [FixedPage(page.number, _background(page, shown, paint), boxes, covered)]
    return Section(setup, (*blocks, *hidden_text(page, write)))


def line_boxes(lines: Sequence[Line], write: WriteLine) -> list[TextBox]:
    """Text boxes for lines at their places."""
    return [_text_box(one, write) for one in boxes_of(lines)]


def hidden_text(page: PageDraft, write: WriteLine) -> Iterator[Paragraph]:
    """Text that the page has and does not show, as Word's hidden text."""
    for line in page.hidden:
        runs = (_hidden(one) for one in write(ParagraphDraft([line], line.left, line.right)))
        yield Paragraph(tuple(runs), format=Format(), page=page.number)


def _hidden(one: Inline) -> Inline:
    return replace(one, look=replace(one.look, hidden=True)) if isinstance(one, Text) else one


def _text_box(group: LineBox, write: WriteLine) -> TextBox:
    x0, y0, x1, y1 = group.box
    spacing = LineSpacing(group.pitch, SpacingRule.EXACT)
    paragraphs = (
        Paragraph(
            tuple(write(ParagraphDraft([line], line.left, line.right))),
            format=Format(spacing=spacing, rtl=line.rtl),
            page=line.page,
        )
        for line in group.lines
    )
    return TextBox(x0, y0, x1 - x0, y1 - y0, tuple(paragraphs), group.turn)


def _background(page: PageDraft, shown: Page, paint: Paint) -> Picture | None:
    """The page's only image as it is in the file, or a picture of the page: all of it, or all but its text."""
    covered = page.way is Way.PICTURE
    if not (shown.images or shown.drawings or shown.rules or shown.fills or (covered and shown.unreadable)):
        return None
    art = shown.drawings or shown.rules or shown.fills
    if covered and len(shown.images) == 1 and not art and all(span.hidden for span in shown.spans):
        draft = PictureDraft(page.number, shown.images[0].box, image=shown.images[0])
    else:
        whole = (0.0, 0.0, shown.width, shown.height)
        draft = PictureDraft(page.number, whole, drawing=Drawing(whole, 1, 0), with_text=covered)
    picture = paint(draft)
    return replace(picture, anchor=Anchor(draft.box[0], draft.box[1])) if picture else None
