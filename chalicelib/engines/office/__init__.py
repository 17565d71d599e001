"""Office files as they are: containers, encryption, links; needs the stdlib only."""
