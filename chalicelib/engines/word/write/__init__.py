"""Writes the document model as WordprocessingML. It knows no PDF."""
