"""PDF to Word: pdf2docx, and what is put right of it."""
