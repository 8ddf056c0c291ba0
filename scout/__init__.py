"""Scout keeps every project's buffer of ready work topped up before execution runs dry."""

__version__ = "0.1.0"
