"""The formats of styles: what most paragraphs of a role have, each property by itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from chalicelib.engines.word.document.document import Style
from chalicelib.engines.word.document.format import Format, Role
from chalicelib.engines.word.draft.draft import Draft

_Value = TypeVar("_Value")


def settle_styles(draft: Draft) -> None:
    """Fill the formats of ``Draft.styles``; the last of the passes, when all is known of the paragraphs."""
    groups: dict[tuple[Role, int], list[Format]] = {}
    for one in draft.every_paragraph():
        if one.format:
            groups.setdefault((one.role, one.level), []).append(one.format)
    for key, style in list(draft.styles.items()):
        formats = groups.get(key)
        if formats:
            draft.styles[key] = Style(style.look, _usual(formats))


def _usual(formats: Sequence[Format]) -> Format:
    return replace(
        formats[0],
        tabs=(),
        page_break_before=False,
        align=_most(one.align for one in formats),
        start=_most(one.start for one in formats),
        end=_most(one.end for one in formats),
        first=_most(one.first for one in formats),
        before=_most(one.before for one in formats),
        after=_most(one.after for one in formats),
        spacing=_most(one.spacing for one in formats),
        rtl=_most(one.rtl for one in formats),
    )


def _most(values: Iterable[_Value]) -> _Value:
    return Counter(values).most_common(1)[0][0]
