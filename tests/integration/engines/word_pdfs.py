"""PDFs for PDF to Word, drawn at test time; each word of them stands there once."""

from collections.abc import Callable, Sequence
from io import BytesIO

from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Drawing = Callable[[Canvas], None]
WIDTH, HEIGHT = A4

PARAGRAPH = (
    "The harbour master counted forty ships before noon and wrote each name",
    "into a ledger bound with green leather, as every master had done before",
    "him since the great fire, when only the lighthouse was left standing.",
)


def pdf(*drawings: Drawing, size: tuple[float, float] = A4, rotations: Sequence[int] = (), **options: str) -> bytes:
    """A page for each of ``drawings``; ``rotations`` are the pages' /Rotate, ``user_password`` and the like encrypt."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=True)
    for draw in drawings:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    writer = PdfWriter(PdfReader(buffer))
    for page, rotation in zip(writer.pages, rotations, strict=False):
        page.rotate(rotation)
    if options:
        writer.encrypt(**options, algorithm="AES-256")  # type: ignore[arg-type]
    result = BytesIO()
    writer.write(result)
    return result.getvalue()


def text(*lines: str, x: float = 72, y: float = 700, size: float = 12, font: str = "Times-Roman") -> Drawing:
    """Lines of text, one below the other."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for number, line in enumerate(lines):
            canvas.drawString(x, y - 1.2 * size * number, line)

    return draw


def turned(line: str, degrees: float, x: float = 300, y: float = 400) -> Drawing:
    """A line that runs upwards, downwards or aslant; ``degrees`` anticlockwise."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(degrees)
        canvas.setFont("Helvetica", 12)
        canvas.drawString(0, 0, line)
        canvas.restoreState()

    return draw


def table(
    rows: Sequence[Sequence[str]], x: float = 72, y: float = 600, width: float = 120, height: float = 24
) -> Drawing:
    """A ruled table."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 10)
        for at_row, row in enumerate(rows):
            for at_column, words in enumerate(row):
                left, bottom = x + at_column * width, y - (at_row + 1) * height
                canvas.rect(left, bottom, width, height)
                canvas.drawString(left + 6, bottom + 8, words)

    return draw


def columns(left: Sequence[str], right: Sequence[str]) -> Drawing:
    """Text in two columns."""

    def draw(canvas: Canvas) -> None:
        text(*left, x=60, y=700, size=10)(canvas)
        text(*right, x=310, y=700, size=10)(canvas)

    return draw


def picture(x: float = 0, y: float = 0, width: float = WIDTH, height: float = HEIGHT) -> Drawing:
    """A photograph, so to say."""
    image = Image.radial_gradient("L").convert("RGB")

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(image), x, y, width, height)

    return draw


def hidden(*lines: str) -> Drawing:
    """Text that no reader shows, as text recognition puts it behind a scan."""

    def draw(canvas: Canvas) -> None:
        words = canvas.beginText(72, 700)
        words.setFont("Helvetica", 12)
        words.setTextRenderMode(3)
        words.textLines("\n".join(lines))
        canvas.drawText(words)

    return draw


def field(name: str, value: str) -> Drawing:
    """A text field of a form, filled in."""

    def draw(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name=name, value=value, x=72, y=500, width=200, height=24, forceBorder=True)

    return draw


def all_of(*drawings: Drawing) -> Drawing:
    """Several drawings on one page."""

    def draw(canvas: Canvas) -> None:
        for one in drawings:
            one(canvas)

    return draw
