"""What the world looks like: one DuckDB file that can always be rebuilt from the sources, and what lies beside it.

Import the modules one needs: `freshness` and `snapshot` do without DuckDB, so that an unchanged world never loads it.

- `store`: `Warehouse`, opened late and closed early; `migrate` brings its schema up to date at the first write.
- `streams`: the shapes in which sources hand over rows; `staging`: a worker's folder of Parquet parts.
- `merge`: staged rows into raw tables and raw into core, in one transaction.
- `freshness`: `sources.json`, how old what we know is, and the cursors.
- `snapshot`: what the page reads.
- `tables`: small functions over an open connection, one module a stage.
"""
