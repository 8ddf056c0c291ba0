"""A scout in a package of its own."""
