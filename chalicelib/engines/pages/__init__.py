"""Removing pages from a PDF: pypdf's objects, and a writer of its own."""
