"""Every write of the forum: one function, one use case, one transaction, one fact told."""
