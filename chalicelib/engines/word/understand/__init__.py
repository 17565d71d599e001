"""Understanding: pages become a document, one fact at a time."""
