"""Previews: a page as a picture (PDFium, Pillow), the first rows of a workbook (openpyxl)."""
