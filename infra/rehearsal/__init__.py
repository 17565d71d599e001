"""Rehearses a deployment on this machine: `make rehearse`."""
