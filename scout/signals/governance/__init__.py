"""Scouts of controls: rules of the team that can be observed, and what happens to them."""
