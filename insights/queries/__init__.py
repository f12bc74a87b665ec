"""Every read of the brand's side worth a name."""
