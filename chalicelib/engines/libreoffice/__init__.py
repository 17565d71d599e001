"""Office documents to PDF by a warm LibreOffice."""
