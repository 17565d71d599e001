"""PDF to Word: read, understood, written (docs/adr/0009)."""
