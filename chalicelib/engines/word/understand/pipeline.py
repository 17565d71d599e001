"""The passes of understanding, in their order: the list is the description of what is understood."""

from chalicelib.engines.word.draft.draft import Draft, Pass
from chalicelib.engines.word.understand.across import join_across
from chalicelib.engines.word.understand.art import find_art
from chalicelib.engines.word.understand.blocks_beside import find_blocks_beside
from chalicelib.engines.word.understand.bookmarks import find_bookmarks
from chalicelib.engines.word.understand.characters import find_characters
from chalicelib.engines.word.understand.charts import find_charts, find_plots
from chalicelib.engines.word.understand.columns import find_columns
from chalicelib.engines.word.understand.contents import find_contents
from chalicelib.engines.word.understand.direction import find_directions
from chalicelib.engines.word.understand.dressing import dress_tables
from chalicelib.engines.word.understand.fixed import find_fixed_pages
from chalicelib.engines.word.understand.formats import find_formats
from chalicelib.engines.word.understand.headings import find_headings
from chalicelib.engines.word.understand.line_numbers import find_line_numbers
from chalicelib.engines.word.understand.lines import find_lines
from chalicelib.engines.word.understand.lists import find_lists, settle_list_indents
from chalicelib.engines.word.understand.notes import find_notes
from chalicelib.engines.word.understand.page_breaks import find_page_breaks
from chalicelib.engines.word.understand.page_numbers import find_page_numbers
from chalicelib.engines.word.understand.paragraphs import find_paragraphs
from chalicelib.engines.word.understand.pictures import find_pictures
from chalicelib.engines.word.understand.rtl_tables import find_rtl_tables
from chalicelib.engines.word.understand.running_heads import find_running_heads
from chalicelib.engines.word.understand.running_pictures import find_running_pictures
from chalicelib.engines.word.understand.sections import find_sections
from chalicelib.engines.word.understand.shapes import find_shapes
from chalicelib.engines.word.understand.spaces import find_spaces
from chalicelib.engines.word.understand.structure import follow_tags
from chalicelib.engines.word.understand.style_formats import settle_styles
from chalicelib.engines.word.understand.styles import find_body, find_styles
from chalicelib.engines.word.understand.symbols import find_symbols
from chalicelib.engines.word.understand.table_areas import find_tables
from chalicelib.engines.word.understand.turned_cells import fill_turned_cells
from chalicelib.engines.word.understand.widths import find_widths

PASSES: tuple[Pass, ...] = (
    find_lines,
    find_symbols,
    find_line_numbers,
    find_characters,
    find_fixed_pages,
    find_running_heads,
    find_page_numbers,
    find_running_pictures,
    find_notes,
    follow_tags,
    find_plots,
    find_tables,
    find_blocks_beside,
    dress_tables,
    find_charts,
    find_art,
    find_pictures,
    find_columns,
    find_directions,
    find_paragraphs,
    join_across,
    find_rtl_tables,
    find_contents,
    find_lists,
    find_body,
    find_widths,
    find_headings,
    find_bookmarks,
    find_sections,
    find_styles,
    find_formats,
    find_shapes,
    settle_list_indents,
    find_page_breaks,
    find_spaces,
    fill_turned_cells,
    settle_styles,
)
"""Each finds one fact; what it reads was found by those before it."""


def understand(draft: Draft) -> None:
    """Run every pass over the draft."""
    for one in PASSES:
        one(draft)
