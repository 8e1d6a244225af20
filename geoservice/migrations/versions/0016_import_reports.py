"""Keep with each import what it changed and refused, for the page of imports.

Lock: a moment on `import_runs`, a few hundred rows.
Time: instant.
Back: the details go; the figures stay.
"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("ALTER TABLE import_runs ADD COLUMN details jsonb NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    op.execute("ALTER TABLE import_runs DROP COLUMN details")
