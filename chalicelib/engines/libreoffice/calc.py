"""Spreadsheets to PDF: xlsx, xls, ods, csv."""

from dataclasses import replace
from typing import Any

import uno  # type: ignore[import-not-found]

from chalicelib.domain.errors import ConversionFailed
from chalicelib.engines.job import InputFile, Job, Outcome
from chalicelib.engines.libreoffice.cell_results import (
    error_warnings,
    known_functions,
    narrow_warnings,
    show_own_name,
)
from chalicelib.engines.libreoffice.delimited_text import Table, import_options, read_table
from chalicelib.engines.libreoffice.documents import Opened
from chalicelib.engines.libreoffice.export import export, page_count, pdf_settings
from chalicelib.engines.libreoffice.fonts import font_warnings
from chalicelib.engines.libreoffice.listener import Listener
from chalicelib.engines.libreoffice.page_styles import arrange, arrange_table, overflow_warning
from chalicelib.engines.libreoffice.row_heights import restore_heights
from chalicelib.engines.libreoffice.sheets import Selection, select, selection_warnings
from chalicelib.engines.office.links import link_warnings, linked_objects
from chalicelib.engines.office.normaliser import normalise_workbook, sparkline_warnings
from chalicelib.engines.office.xlsx_rows import stored_heights

_WIDEST_COLUMN = 10_000
"""Hundredths of a millimetre; longer text is wrapped."""

_SPARE, _GAP = 400, 100
"""The margin beside a text when its width is taken, and the one that is printed."""

_SLACK = 1.1
"""A wrapped column is printed wider than the heights of its rows were taken for."""

# com.sun.star.table.CellVertJustify2.TOP
_TOP = 1


def excel_to_pdf(soffice: Listener, job: Job) -> Outcome:
    """Options ``fit``, ``orientation``, ``sheets``, ``pdfa``, ``encoding``.

    Raises ``SheetNotFound``, ``EmptyDocument``, ``LimitExceeded``, and what loading and export raise.
    """
    if job.inputs[0].kind == "csv":
        return _table_to_pdf(soffice, job)
    calculate = normalise_workbook(job.inputs[0], known_functions(soffice))
    heights = stored_heights(job.inputs[0].path) if job.inputs[0].kind == "xlsx" else {}
    with Opened(soffice, job) as document:
        restore_heights(document, heights)
        selection = select(document, job.options.get("sheets"), job.inputs[0].name)
        show_own_name(document, job.inputs[0].name)
        if calculate:
            document.calculateAll()
        told = (
            sparkline_warnings(job.inputs[0])
            + error_warnings(selection.printed)
            + narrow_warnings(soffice, selection.printed)
        )
        arrange(document, [one for one in selection.printed if not one.empty], *_layout(job))
        outcome = _export(soffice, document, selection, job)
    return Outcome((*link_warnings(linked_objects(job.inputs[0])), *told, *outcome.warnings), outcome.report)


def _table_to_pdf(soffice: Listener, job: Job) -> Outcome:
    table = read_table(job.inputs[0], job.workdir, job.options.get("encoding"))
    copy = replace(job, inputs=(InputFile(table.path, job.inputs[0].name, "csv"),))
    with Opened(soffice, copy, FilterOptions=import_options(table)) as document:
        selection = select(document, job.options.get("sheets"), job.inputs[0].name)
        _shape_columns(selection.printed[0].uno, table)
        arrange_table(document, selection.printed[0], *_layout(job))
        outcome = _export(soffice, document, selection, job)
    found = {"rows": table.rows, "columns": table.columns, "encoding": table.encoding, "separator": table.separator}
    return Outcome((*_encoding_warnings(table, job), *outcome.warnings), outcome.report | found)


def _layout(job: Job) -> tuple[str, str]:
    return job.options.get("fit") or "print-settings", job.options.get("orientation") or "auto"


def _export(soffice: Listener, document: Any, selection: Selection, job: Job) -> Outcome:
    """Pages are counted for each sheet alone: what LibreOffice drops is missed in the sum."""
    settings = pdf_settings(soffice.pdf_defaults, job.options)
    fit, _ = _layout(job)
    filled = [sheet for sheet in selection.printed if not sheet.empty]
    pages = {sheet.name: page_count(document, sheet.uno, settings) for sheet in filled}
    overflows = [overflow_warning(document, sheet, fit, pages[sheet.name]) for sheet in filled]
    exported = export(soffice, document, "calc_pdf_Export", settings, job)
    if exported.pages != sum(pages.values()):
        raise ConversionFailed(f"Only {exported.pages} of {sum(pages.values())} pages were written.")
    report = {
        "pages_out": exported.pages,
        "sheets": [{"name": name, "pages": count} for name, count in pages.items()],
        "hidden_sheets": [sheet.name for sheet in selection.left_out],
        "fonts_substituted": exported.fonts,
    }
    warnings = selection_warnings(selection, job.options.get("sheets")) + [text for text in overflows if text]
    return Outcome((*warnings, *font_warnings(exported.fonts)), report)


def _shape_columns(sheet: Any, table: Table) -> None:
    """As wide as their text, which is wrapped beyond a width; numbers, being text, are put to the right.

    Printed text is a little wider than Calc measures it, and what does not fit a cell is cut: widths and heights
    are taken with a margin that the text may use in the end.
    """
    area = sheet.getCellRangeByPosition(0, 0, table.columns - 1, table.rows - 1)
    area.VertJustify = _TOP
    area.ParaRightMargin = _SPARE
    area.Columns.OptimalWidth = True
    area.ParaRightMargin = area.ParaBottomMargin = _GAP
    columns = [area.Columns.getByIndex(index) for index in table.long]
    wide = [column for column in columns if column.Width > _WIDEST_COLUMN]
    for column in wide:
        column.IsTextWrapped = True
        column.Width = _WIDEST_COLUMN
    area.Rows.OptimalHeight = True
    area.Rows.OptimalHeight = False
    for column in wide:
        column.Width = int(_WIDEST_COLUMN * _SLACK)
    for index in table.numeric:
        area.Columns.getByIndex(index).HoriJustify = uno.Enum("com.sun.star.table.CellHoriJustify", "RIGHT")


def _encoding_warnings(table: Table, job: Job) -> list[str]:
    """What was guessed; Unicode says itself what it is."""
    if job.options.get("encoding") or table.encoding.startswith("utf"):
        return []
    said = f"The file is not in Unicode: it was read as {_COMMON_NAMES.get(table.encoding, table.encoding)}"
    return [f"{said}; check its letters, or name its 'encoding'."]


_COMMON_NAMES = {
    "cp932": "Shift-JIS",
    "gb18030": "GBK",
    "big5": "Big5",
    "cp949": "EUC-KR",
    "koi8-r": "KOI8-R",
    "latin-1": "Latin-1",
    **{f"cp125{number}": f"Windows-125{number}" for number in range(9)},
}
