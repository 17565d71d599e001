"""PDF to Excel: PyMuPDF's table finder, typed cells, openpyxl."""
