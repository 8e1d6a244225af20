"""Accounts, the links that sign them in, and their sessions: secrets are kept as hashes only.

The table that counts requests holds hashes of addresses for an hour; it is unlogged, so that
neither a backup made from the journal nor a replica ever holds them.

Lock: none, the tables are new.
Time: instant.
Back: accounts and sessions go.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = """
CREATE TABLE accounts (
  id serial NOT NULL,
  mail text NOT NULL,
  name text NOT NULL,
  roles text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  closed_at timestamptz,
  CONSTRAINT pk_accounts PRIMARY KEY (id),
  CONSTRAINT ck_accounts_mail CHECK (mail = lower(mail)),
  CONSTRAINT ck_accounts_roles CHECK (
    cardinality(roles) > 0 AND roles <@ ARRAY['administrator', 'coordinator', 'moderator', 'member'])
);
CREATE UNIQUE INDEX uq_accounts_mail ON accounts (mail) WHERE closed_at IS NULL;

CREATE TABLE sign_in_links (
  id bigserial NOT NULL,
  mail text,
  account_id integer,
  hash bytea,
  browser bytea,
  next_path text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  CONSTRAINT pk_sign_in_links PRIMARY KEY (id),
  CONSTRAINT uq_sign_in_links_hash UNIQUE (hash),
  CONSTRAINT fk_sign_in_links_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
    ON DELETE CASCADE,
  CONSTRAINT ck_sign_in_links_sent CHECK ((mail IS NULL) = (hash IS NOT NULL)
    AND (hash IS NULL) = (account_id IS NULL) AND (hash IS NULL) = (sent_at IS NULL))
);
CREATE INDEX ix_sign_in_links_account_id ON sign_in_links (account_id);

CREATE TABLE sessions (
  id bigserial NOT NULL,
  account_id integer NOT NULL,
  hash bytea NOT NULL,
  device text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_sessions PRIMARY KEY (id),
  CONSTRAINT uq_sessions_hash UNIQUE (hash),
  CONSTRAINT fk_sessions_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
    ON DELETE CASCADE
);
CREATE INDEX ix_sessions_account_id ON sessions (account_id);

CREATE UNLOGGED TABLE sign_in_counts (
  subject bytea NOT NULL,
  hour timestamptz NOT NULL,
  asked integer NOT NULL,
  CONSTRAINT pk_sign_in_counts PRIMARY KEY (subject, hour)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON accounts, sign_in_links, sessions, sign_in_counts
  TO geoservice_app;
GRANT USAGE ON SEQUENCE accounts_id_seq, sign_in_links_id_seq, sessions_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE sign_in_counts, sessions, sign_in_links, accounts")
