"""What the world looks like: one DuckDB file that can always be rebuilt from the sources, and what lies beside it.

Import the modules one needs: `freshness` and `snapshot` do without DuckDB, so that an unchanged world never loads it.

- `store`: `Warehouse`, opened late and closed early; `migrate` brings its schema up to date at the first write.
- `records`: raw records, and the core rows that follow from one record each: the columns of core stand there.
- `streams`: the shapes in which sources hand over rows; `staging`: a worker's folder of Parquet parts.
- `merge`: staged rows, core rows and cursors into the warehouse, in one transaction.
- `freshness`: `sources.json`, how old what we know is, and the cursors.
- `snapshot`: what the page reads.
- `tables`: small functions over an open connection, one module a stage.
"""
