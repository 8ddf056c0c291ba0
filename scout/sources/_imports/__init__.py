"""What the source `imports` is made of; `scout/sources/imports.py` is its only door.

- `shelf`: the files that were imported, kept in the state folder.
- `archive`: a file, its shape and what is in it; `pieces` reads JSON, `sheet` (with `columns`, `times`) rows.
- `shapes`: what a shape is; `rest`, `graph`, `atlassian`: those there are.
- `making`: records from the things in a file, the same that `github` and `jira` make; `rows` from a sheet's.
"""
