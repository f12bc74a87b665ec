"""Tasks in JSON."""
