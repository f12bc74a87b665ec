"""Who may do what with tickets and releases, which moves there are, and what the public sees of a state."""
