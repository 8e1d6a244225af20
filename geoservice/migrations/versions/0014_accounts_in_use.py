"""Since when an account is not used: its owner is warned, then it is erased.

What is erased keeps its number, without identity, for the rows that name it: its mail is empty.

Lock: `accounts`, exclusive, for the time below.
Time: instant, a few thousand accounts.
Back: the dates go; accounts that were erased stay so.
"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE accounts ADD COLUMN used_at timestamptz NOT NULL DEFAULT now(),"
        " ADD COLUMN warned_at timestamptz,"
        " ADD CONSTRAINT ck_accounts_erased CHECK (mail <> '' OR closed_at IS NOT NULL)"
    )


def downgrade() -> None:
    op.execute(
        "ALTER TABLE accounts DROP CONSTRAINT ck_accounts_erased,"
        " DROP COLUMN warned_at, DROP COLUMN used_at"
    )
