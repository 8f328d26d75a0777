"""Review contracts between online merchants and customer-service vendors."""

__version__ = "0.1.0"
