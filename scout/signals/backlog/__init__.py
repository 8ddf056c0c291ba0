"""Scouts that read tickets: what to close, merge, unblock, sort or decide, with proof; never by age alone."""
