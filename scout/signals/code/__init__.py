"""Scouts that look at code."""
