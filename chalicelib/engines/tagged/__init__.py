"""The tags of a PDF: what its author's program says that each piece of content is."""
