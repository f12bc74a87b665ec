"""Who may ask, answer, read; which moves there are."""
