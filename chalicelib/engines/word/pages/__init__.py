"""The page model: what the reader delivers of each page, and nothing that has to be concluded from it."""
