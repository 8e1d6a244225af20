"""Who a provider says somebody is: the name that it gives them, whatever their mail becomes.

Lock: `sessions`, exclusive, for the time below.
Time: instant.
Back: people who signed in with a provider sign in with a link.
"""

from alembic import op

revision = "0020"
down_revision = "0019"

TABLES = """
CREATE TABLE identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  account_id integer NOT NULL,
  CONSTRAINT pk_identities PRIMARY KEY (issuer, subject),
  CONSTRAINT uq_identities_account_id UNIQUE (account_id, issuer),
  CONSTRAINT fk_identities_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
    ON DELETE CASCADE
);

CREATE TABLE sign_in_requests (
  state bytea NOT NULL,
  browser bytea NOT NULL,
  next_path text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_sign_in_requests PRIMARY KEY (state)
);

ALTER TABLE sessions ADD COLUMN id_token text;

GRANT SELECT, INSERT, UPDATE, DELETE ON identities, sign_in_requests TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("ALTER TABLE sessions DROP COLUMN id_token")
    op.execute("DROP TABLE sign_in_requests, identities")
