"""The documents as LaTeX sets them: between rules, ruled, banded and bare, long tables over pages."""

from benchmarks.fidelity.tables import Cells, Page

_HEAD = r"""\documentclass[10pt,a4paper]{article}
\usepackage[margin=20mm]{geometry}
\usepackage[T1]{fontenc}
\usepackage{booktabs,longtable,array}
\usepackage[table]{xcolor}
\setlength{\parindent}{0pt}
\begin{document}
"""
_LINES = {"ruled": (r"\hline", r"\hline", r"\hline"), "rules": (r"\toprule", r"\midrule", r"\bottomrule")}
"""Above the heads, below them, and at the end."""


def latex(page: Page) -> str:
    """The source of ``page``; what has neither tables nor prose of its own is not set."""
    before, after = page.around
    tables = "\n\n".join(_table(cells, page) for cells in page.tables)
    return f"{_HEAD}{before}\n\n{tables}\n\n{after}\n\\end{{document}}\n"


def _table(cells: Cells, page: Page) -> str:
    columns = max(cell[3] for cell in cells) + 1
    ruled = page.style == "ruled"
    post = "|" if ruled else ""
    spec = post + post.join(["p{42mm}", *["r"] * (columns - 1)]) + post
    top, middle, bottom = _LINES.get(page.style, ("", "", ""))
    rows = [_row(cells, row, columns, post) for row in range(max(cell[2] for cell in cells) + 1)]
    heads, body = rows[: page.heads], rows[page.heads :]
    if page.style == "bands":
        body = [r"\rowcolor[HTML]{DDE6F0} " * (at % 2) + row for at, row in enumerate(body)]
    between = "\\cline{2-3}\n" if ruled else ""
    head = f"{top}\n{between.join(heads)}{middle}\n"
    lines = (f"{bottom}\n" if ruled else "").join(body)
    return f"\\begin{{longtable}}[l]{{{spec}}}\n{head}\\endhead\n{lines}{bottom}\n\\end{{longtable}}"


def _row(cells: Cells, row: int, columns: int, post: str) -> str:
    starts = {cell[1]: cell for cell in cells if cell[0] == row}
    parts, column = [], 0
    while column < columns:
        _, _, _, last, text = starts.get(column, (row, column, row, column, ""))
        wide = last > column
        parts.append(rf"\multicolumn{{{last - column + 1}}}{{c{post}}}{{{text}}}" if wide else text)
        column = last + 1
    return " & ".join(parts) + r" \\ " + "\n"
