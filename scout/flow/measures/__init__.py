"""Measures of flow: one a file, found by the registry."""
