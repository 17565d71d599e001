"""What was found on a page, as plain values that cross from the reading process to the writing one."""

from dataclasses import dataclass, field

from chalicelib.engines.tables.grid import Slot, Span
from chalicelib.engines.tables.looks import Look


@dataclass(slots=True)
class FoundTable:
    """A table as it goes to the workbook; ``texts`` are (row, column, text), 0-based, of cells that hold text.

    ``looks`` are (row, column, look) of cells that do not look plain; ``ink`` is the colour of drawn lines.
    ``opens`` and ``closes`` say that nothing but a running head stands above it on its page, or a foot below.
    ``tagged`` and ``first_row`` name the table, and the row of it that is the first here, in the tree of tags.
    """

    rows: int
    columns: int
    header_rows: int
    xs: list[float]
    texts: list[tuple[int, int, str]]
    spans: list[Span] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bold: list[Slot] = field(default_factory=list)
    ruled: bool = False
    rtl: bool = False
    opens: bool = False
    closes: bool = False
    tagged: list[int] = field(default_factory=list)
    first_row: int = 0
    looks: list[tuple[int, int, Look]] = field(default_factory=list)
    ink: str = "000000"


@dataclass(slots=True)
class PageReading:
    """What a page held: its tables, and whether there was text at all or only an image of some."""

    tables: list[FoundTable] = field(default_factory=list)
    characters: int = 0
    scanned: bool = False
    amounts: list[str] = field(default_factory=list)


def found_table(values: dict[str, object]) -> FoundTable:
    """A table from its values as JSON keeps them: tuples have become lists."""
    pairs = {name: [tuple(one) for one in values[name]] for name in ("texts", "spans", "bold")}  # type: ignore[attr-defined]
    looks = [(row, column, Look(**look)) for row, column, look in values["looks"]]  # type: ignore[attr-defined]
    return FoundTable(**values | pairs | {"looks": looks})  # type: ignore[arg-type]
