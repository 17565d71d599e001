"""Looks for what should never be, and mends it: `make doctor`."""
