"""Tables of contents: a field whose stored entries are those printed."""

from dataclasses import replace

from chalicelib.engines.word.document.block import Contents
from chalicelib.engines.word.write.inlines import field_ends
from chalicelib.engines.word.write.paragraphs import Extras, paragraph_xml
from chalicelib.engines.word.write.story import Story
from chalicelib.engines.word.write.styles import CONTENTS_LEVELS
from chalicelib.engines.word.write.xml import w


def contents_xml(contents: Contents, story: Story) -> str:
    """The field over its entries; of headings, as the block that Word offers to update."""
    begin, end = field_ends(_instruction(contents))
    inside = replace(story, figures=contents.caption is not None)
    last = len(contents.entries) - 1
    paragraphs = "".join(
        paragraph_xml(entry, inside, Extras(before=begin if at == 0 else "", after=end if at == last else ""))
        for at, entry in enumerate(contents.entries)
    )
    if contents.caption is not None:
        return paragraphs
    gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
    properties = w("sdtPr", w("id", val=story.writing.next_control()), gallery)
    return w("sdt", properties, w("sdtContent", paragraphs))


def _instruction(contents: Contents) -> str:
    links = " \\h" if contents.hyperlinks else ""
    if contents.caption is not None:
        label = contents.caption.replace('"', "").replace("\\", "")
        return f'TOC{links} \\z \\c "{label}"'
    first, last = (max(1, min(CONTENTS_LEVELS, one)) for one in contents.levels)
    return f'TOC \\o "{first}-{max(first, last)}"{links} \\z \\u'
