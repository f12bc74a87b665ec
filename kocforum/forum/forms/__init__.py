"""HTTP to clean values."""
