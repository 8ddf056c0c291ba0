"""What Alembic runs: the migrations, on the connection and in the transaction that it is given."""

from alembic import context
from sqlalchemy import Connection

from scout.ledger.schema import VERSION_TABLE, metadata

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, version_table=VERSION_TABLE, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
