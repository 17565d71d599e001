"""The draft: what the passes of understanding work on, between the page model and the document model."""
