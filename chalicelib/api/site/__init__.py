"""The documentation page and the interactive reference, served from the project's own files."""
