"""Page labels: each page keeps the label it had, whatever is removed before it (PDF 32000-1, 12.4.2)."""

from bisect import bisect_right
from typing import Any

from pypdf.generic import DictionaryObject, NameObject, NumberObject

from chalicelib.engines.pages.document import Document, Page, raw
from chalicelib.engines.pages.trees import read_tree, write_tree

_Label = tuple[Any, Any, int]
"""Style, prefix and number of one page."""


def keep_labels(document: Document, kept: list[Page]) -> None:
    """Rewrite the ranges of ``/PageLabels`` for the pages that stay."""
    tree = document.dictionary(document.catalog, "/PageLabels")
    if tree is None:
        return
    found = read_tree(document, tree, "/Nums")
    ranges = {index: document.get(value) for index, value in found if isinstance(index, int)}
    starts = sorted(ranges)
    pairs = []
    follows: _Label | None = None
    for position, page in enumerate(kept):
        label = _label(document, ranges, starts, page.number - 1)
        if label != follows:
            pairs.append((NumberObject(position), _range(label)))
        follows = (label[0], label[1], label[2] + 1)
    write_tree(tree, "/Nums", pairs)


def _label(document: Document, ranges: dict[int, Any], starts: list[int], index: int) -> _Label:
    """Pages before the first range have plain decimal numbers, as readers show them."""
    at = bisect_right(starts, index) - 1
    if at < 0:
        return NameObject("/D"), None, index + 1
    found = ranges[starts[at]]
    first = document.get(raw(found, "/St"))
    number = (first if isinstance(first, int) else 1) + index - starts[at]
    return document.get(raw(found, "/S")), document.get(raw(found, "/P")), number


def _range(label: _Label) -> DictionaryObject:
    style, prefix, number = label
    entries = DictionaryObject({NameObject("/St"): NumberObject(number)})
    if style is not None:
        entries[NameObject("/S")] = style
    if prefix is not None:
        entries[NameObject("/P")] = prefix
    return entries
