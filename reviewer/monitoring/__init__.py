"""A shop's record against a contract's terms: misses, steps, money, notices, dates."""
