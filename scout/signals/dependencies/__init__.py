"""Scouts that look at what a project depends on: runtimes, actions, pins and lock files."""
