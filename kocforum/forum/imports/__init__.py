"""Reading foreign files of field reports: bytes → text → rows → `ForeignReport`. What is written is `actions.imports`."""
