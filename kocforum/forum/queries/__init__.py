"""Reads of the forum worth a name."""
