"""Who may do what in the forum. Each rule answers True, False, or a refusal with its own sentence."""
