"""Forms of tasks: HTTP to clean values."""
