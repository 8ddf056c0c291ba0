"""Scouts that look at how a project is built, checked and delivered."""
