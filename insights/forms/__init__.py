"""Clean values from what people typed."""
