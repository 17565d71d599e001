"""Talks to strangers' servers: addresses are checked after resolution, and connections go to what was checked."""
