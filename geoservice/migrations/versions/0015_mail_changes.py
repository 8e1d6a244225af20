"""Another address for an account: asked by its owner, confirmed from the old address and the new one.

Lock: none, the table is new.
Time: instant.
Back: changes that wait to be confirmed are lost.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

TABLE = """
CREATE TABLE mail_changes (
  id bigserial NOT NULL,
  account_id integer NOT NULL,
  mail text NOT NULL,
  old_hash bytea,
  new_hash bytea,
  old_confirmed boolean NOT NULL DEFAULT false,
  new_confirmed boolean NOT NULL DEFAULT false,
  asked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_mail_changes PRIMARY KEY (id),
  CONSTRAINT uq_mail_changes_account_id UNIQUE (account_id),
  CONSTRAINT uq_mail_changes_old_hash UNIQUE (old_hash),
  CONSTRAINT uq_mail_changes_new_hash UNIQUE (new_hash),
  CONSTRAINT fk_mail_changes_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
    ON DELETE CASCADE
);
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_changes TO geoservice_app;
GRANT USAGE ON SEQUENCE mail_changes_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE mail_changes")
