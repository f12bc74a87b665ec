"""Pages of the forum: fetch by query, act by action, answer."""
