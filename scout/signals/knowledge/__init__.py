"""Scouts that look at what is written down about a project."""
