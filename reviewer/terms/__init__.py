"""A contract's terms as data: what must be watched, each with its clause and its words."""
