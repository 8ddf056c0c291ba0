"""Controls: rules of a team that can be observed, one a file, found by the registry."""
