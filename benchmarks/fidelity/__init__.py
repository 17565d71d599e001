"""How much of known tables comes out of PDFs, beside other programs."""
