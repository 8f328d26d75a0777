"""A shop's own customer-service figures: read from exports, and what they say of its level."""
