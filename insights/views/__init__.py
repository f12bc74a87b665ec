"""Pages of the desk for staff, and of releases and offers for owners."""
