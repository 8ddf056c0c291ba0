"""What stages read and write: one module a stage, small functions over an open connection."""
