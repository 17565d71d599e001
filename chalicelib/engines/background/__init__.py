"""Removing backgrounds: rembg's models, and clean edges."""
