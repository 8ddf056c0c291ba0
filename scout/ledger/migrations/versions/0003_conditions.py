"""What a deferral waits for, and what a candidate was merged into."""

import sqlalchemy as sa
from alembic import op

from scout.ledger.columns import Words

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add both to decisions; what was decided before has neither."""
    for name in ("condition", "into"):
        op.add_column("decisions", sa.Column(name, Words, nullable=False, server_default=""))
