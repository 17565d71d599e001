"""Writing: the document model becomes WordprocessingML, its styles, numbering, notes and parts."""
