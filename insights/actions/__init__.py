"""Every write of the brand's side. Each action that moves a ticket begins with `audit.begin()` and ends in one link of the chain."""
