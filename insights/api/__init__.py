"""The brand's side in JSON. Tickets are for staff; offers and verifications are owners' as well."""
