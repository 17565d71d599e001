"""Tables with known cells, from a seed: as people set them, and pages that hold none."""

import random
from dataclasses import dataclass
from html import escape

_WORDS = (
    *("account", "balance", "transfer", "invoice", "payment", "customer", "order", "product", "service", "quarter"),
    *("revenue", "region", "supply", "demand", "energy", "paper", "steel", "office", "rent", "travel", "licence"),
    *("support", "insurance", "audit", "salary", "pension", "import", "freight", "storage", "delivery"),
)
_STYLES = {
    "ruled": "table{border-collapse:collapse}td,th{border:1px solid #000;padding:3px 6px}",
    "bands": "table{border-collapse:collapse}td,th{padding:4px 8px}tr:nth-child(even){background:#dde6f0}",
    "bare": "td,th{padding:3px 12px}",
    "rules": "table{border-collapse:collapse;border-top:2px solid;border-bottom:2px solid}"
    "th{border-bottom:1px solid}td,th{padding:3px 10px}",
}
_CSS = "body{font:10pt 'Liberation Sans';margin:0}th,td{text-align:left;vertical-align:top}.n{text-align:right}"

_BLANK = 0.08
"""The share of the cells that hold nothing."""

Cells = list[tuple[int, int, int, int, str]]
"""First row, first column, last row, last column, text."""


@dataclass(frozen=True, slots=True)
class Page:
    """A document: its name, its HTML, the cells of each of its tables, and what makes it in LaTeX too.

    ``heads`` is how many rows head the tables, ``around`` what stands before and after them.
    """

    name: str
    html: str
    tables: list[Cells]
    style: str = ""
    heads: int = 1
    around: tuple[str, str] = ("", "")


def pages(seed: int) -> list[Page]:
    """Two documents in each style, a long table, and two without any table."""
    rng = random.Random(seed)
    made = [_page(f"{style}-{at}", style, rng, rows=rng.randint(5, 14)) for style in _STYLES for at in (0, 1)]
    made.append(_page("long", "ruled", rng, rows=90))
    prose = _prose(rng, 12)
    made.append(Page("prose", _html("", _paragraph(prose)), [], around=(prose, prose)))
    items = "".join(f"<li>{_text(rng, 9)}</li>" for _ in range(14))
    made.append(Page("list", _html("", f"{_paragraph(_prose(rng, 2))}<ol>{items}</ol>"), []))
    return made


def _page(name: str, style: str, rng: random.Random, *, rows: int) -> Page:
    columns = rng.randint(3, 6)
    group = columns > 3
    cells: Cells = [(0, 0, int(group), 0, _text(rng, 1))]
    if group:
        cells.append((0, 1, 0, 2, _text(rng, 2)))
        cells += [(0, at, 1, at, _text(rng, 1)) for at in range(3, columns)]
        cells += [(1, at, 1, at, f"{2020 + at}") for at in (1, 2)]
    else:
        cells += [(0, at, 0, at, _text(rng, 1)) for at in range(1, columns)]
    for row in range(1 + group, rows + 1 + group):
        cells.append((row, 0, row, 0, _text(rng, rng.choice((1, 2, 2, 9)))))
        cells += [
            (row, at, row, at, f"{rng.uniform(1, 99_999):,.2f}") for at in range(1, columns) if rng.random() > 0.08
        ]
    around = (_prose(rng, 2), _prose(rng, 2))
    body = _paragraph(around[0]) + _table(cells, 1 + group) + _paragraph(around[1])
    return Page(name, _html(_STYLES[style], body), [cells], style, 1 + group, around)


def _table(cells: Cells, heads: int) -> str:
    starts = {cell[:2]: cell for cell in cells}
    covered = {(r, c) for r0, c0, r1, c1, _ in cells for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)}
    rows = []
    for row in range(max(cell[2] for cell in cells) + 1):
        parts = []
        for column in range(max(cell[3] for cell in cells) + 1):
            if (row, column) in starts:
                _, _, r1, c1, text = starts[row, column]
                kind, side = ("th", "") if row < heads else ("td", ' class="n"' if column else "")
                spans = f' rowspan="{r1 - row + 1}" colspan="{c1 - column + 1}"'
                parts.append(f"<{kind}{side}{spans}>{escape(text)}</{kind}>")
            elif (row, column) not in covered:
                parts.append("<td></td>")
        rows.append(f"<tr>{''.join(parts)}</tr>")
    head, body = "".join(rows[:heads]), "".join(rows[heads:])
    return f'<table style="max-width:170mm"><thead>{head}</thead><tbody>{body}</tbody></table>'


def _text(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(words)).capitalize()


def _prose(rng: random.Random, sentences: int) -> str:
    return " ".join(_text(rng, 14) + "." for _ in range(sentences))


def _paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def _html(css: str, body: str) -> str:
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><style>{_CSS}{css}</style><body>{body}</body></html>'
