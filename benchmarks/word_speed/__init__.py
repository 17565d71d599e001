"""PDF to Word against pdf2docx: processor and wall-clock time on the same documents, in turn."""
