"""Small real documents, made when a test needs them."""

import io

import docx
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


def pdf(*pages: str) -> bytes:
    """A PDF with a page for each text; an empty text leaves its page blank."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for text in pages:
        for line, words in enumerate(text.splitlines()):
            canvas.drawString(72, 770 - 16 * line, words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word(*paragraphs: str) -> bytes:
    """A DOCX with a paragraph for each text."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def picture(number: int) -> bytes:
    """A small PNG unlike all others."""
    body = io.BytesIO()
    Image.new("RGB", (20 + number, 20)).save(body, "PNG")
    return body.getvalue()
