"""Remember, without naming them, those who left: no import takes them again.

Lock: short, on a small table.
Time: instant.
Back: an import may take again people who left.
"""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute("ALTER TABLE former_mediators ADD COLUMN digests text[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE former_mediators DROP COLUMN digests")
