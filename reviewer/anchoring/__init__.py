"""A contract's targets against the shop's own record, and wording with the shop's numbers."""
