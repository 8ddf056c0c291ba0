"""Scout under Dagster: one asset a stage, one partition a project; each calls the service and reports what it said."""
