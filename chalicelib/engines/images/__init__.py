"""Image to PDF: img2pdf, and what it can't express."""
