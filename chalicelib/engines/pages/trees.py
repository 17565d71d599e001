"""Name trees and number trees: read whole, written back as one node (PDF 32000-1, 7.9.6 and 7.9.7)."""

from collections.abc import Iterable
from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from chalicelib.engines.pages.document import Document

Pairs = list[tuple[Any, Any]]


def read_tree(document: Document, root: Any, leaves: str) -> Pairs:
    """Every key and value of a tree whose leaves hold ``/Names`` or ``/Nums``; the values not resolved."""
    pairs: Pairs = []
    visited: set[int] = set()
    queue = [root]
    while queue:
        node = document.get(queue.pop())
        if isinstance(node, DictionaryObject) and id(node) not in visited:
            visited.add(id(node))
            items = document.array(node, leaves)
            pairs += zip(map(document.get, items[::2]), items[1::2], strict=False)
            queue += reversed(document.array(node, "/Kids"))
    return pairs


def write_tree(root: DictionaryObject, leaves: str, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Make ``root`` a tree of one node; ``pairs`` are in their order already."""
    for name in ("/Kids", "/Limits"):
        root.pop(name, None)
    root[NameObject(leaves)] = ArrayObject(item for pair in pairs for item in pair)
