"""PDFs with tables whose every cell is known, drawn at test time."""

from collections.abc import Callable, Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

Rows = Sequence[Sequence[str | Paragraph]]
Draw = Callable[[Canvas], None]

PROSE = (
    "The committee met twice during the year and took note of the report that the auditors had laid before it. "
    "Nothing in it gave rise to any doubt about the figures, and the members thanked all who had prepared them. "
)
_TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=10, leading=12)


def ruled(rows: Rows, spans: Sequence[tuple[int, int, int, int]] = (), *, repeat: int = 0) -> Table:
    """A table with every line drawn; ``spans`` are (first row, first column, last row, last column).

    ``repeat`` of its rows head it on each page.
    """
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
    for r0, c0, r1, c1 in spans:
        style.add("SPAN", (c0, r0), (c1, r1))
    return Table([list(row) for row in rows], style=style, repeatRows=repeat)


def unruled(rows: Rows) -> Table:
    """A table without any line, its first column to the left and the others to the right."""
    style = TableStyle([("ALIGN", (0, 0), (0, -1), "LEFT"), ("ALIGN", (1, 0), (-1, -1), "RIGHT")])
    return Table([list(row) for row in rows], colWidths=[160] + [90] * (len(rows[0]) - 1), style=style)


def dressed(rows: Rows) -> Table:
    """A table with white letters on a dark head, a line under it and one above a last row in red."""
    style = TableStyle([("ALIGN", (1, 0), (-1, -1), "RIGHT")])
    style.add("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#1F3864"))
    style.add("TEXTCOLOR", (0, 0), (-1, 0), colors.white)
    style.add("TEXTCOLOR", (0, -1), (-1, -1), colors.HexColor("#C00000"))
    style.add("LINEABOVE", (0, -1), (-1, -1), 0.5, colors.black)
    return Table([list(row) for row in rows], colWidths=[160] + [90] * (len(rows[0]) - 1), style=style)


def prose(times: int = 3) -> Paragraph:
    """Running text, which is no table."""
    return Paragraph(PROSE * times, _TEXT)


def document(*parts: Flowable) -> bytes:
    """The parts below one another; ``PageBreak()`` begins a page."""
    target = BytesIO()
    spaced = [one for part in parts for one in ((part,) if isinstance(part, PageBreak) else (part, Spacer(1, 18)))]
    SimpleDocTemplate(target, pagesize=A4, invariant=1).build(spaced)
    return target.getvalue()


def drawn(*pages: Draw) -> bytes:
    """A page for each function, which draws on a canvas of A4."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scan(picture: ImageReader) -> Draw:
    """A page that is nothing but an image."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture, 0, 0, *A4)

    return draw


def fine_mesh(canvas: Canvas) -> None:
    """Some hundred thin lines each way: small to draw, and ages to find the cells of."""
    canvas.setLineWidth(0.1)
    for at in range(260):
        canvas.line(20, 20 + at * 3.1, 575, 20 + at * 3.1)
    for at in range(180):
        canvas.line(20 + at * 3.1, 20, 20 + at * 3.1, 820)
    canvas.drawString(60, 400, "Some text between the lines, so that the page is looked at")


def rewritten(data: bytes, change: Callable[[PdfWriter], None]) -> bytes:
    """``data`` after ``change`` has been at its pages."""
    writer = PdfWriter()
    for page in PdfReader(BytesIO(data)).pages:
        writer.add_page(page)
    change(writer)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def turned(data: bytes, angle: int) -> bytes:
    """Text that runs another way on an upright page: the content is turned and nothing turns it back."""

    def turn(writer: PdfWriter) -> None:
        for page in writer.pages:
            page.rotate(angle)
            page.transfer_rotation_to_content()

    return rewritten(data, turn)


def rotated(data: bytes, angle: int) -> bytes:
    """Pages that are stored turned and shown upright by ``/Rotate``."""

    def rotate(writer: PdfWriter) -> None:
        for page in writer.pages:
            page.rotate(-angle)

    return rewritten(turned(data, angle), rotate)


def encrypted(data: bytes, password: str) -> bytes:
    """``data`` that opens with ``password`` only."""
    return rewritten(data, lambda writer: writer.encrypt(password, algorithm="AES-256-R5"))
