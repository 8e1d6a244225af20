"""Saved embeds: a map of another site that its owner changes here, and how often it is shown.

The public view tells what the map shows and to which sites, never whose it is.
Lock: none, the tables are new.
Time: instant.
Back: saved maps are lost, and the sites that show them show the link that they hold.
"""

from alembic import op

revision = "0025"
down_revision = "0024"

TABLES = """
CREATE TABLE embeds (
  id bigserial NOT NULL,
  key text NOT NULL,
  name text NOT NULL,
  question text NOT NULL,
  hosts text[] NOT NULL DEFAULT '{}',
  counted boolean NOT NULL DEFAULT true,
  account_id integer,
  mail text,
  made_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  CONSTRAINT pk_embeds PRIMARY KEY (id),
  CONSTRAINT uq_embeds_key UNIQUE (key),
  CONSTRAINT ck_embeds_owner CHECK (num_nonnulls(account_id, mail) = 1),
  CONSTRAINT fk_embeds_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
    ON DELETE CASCADE
);
CREATE INDEX ix_embeds_account_id ON embeds (account_id);
CREATE INDEX ix_embeds_mail ON embeds (mail);

CREATE TABLE embed_days (
  embed_id bigint NOT NULL,
  day date NOT NULL,
  displays integer NOT NULL,
  searches integer NOT NULL,
  CONSTRAINT pk_embed_days PRIMARY KEY (embed_id, day),
  CONSTRAINT fk_embed_days_embed_id_embeds FOREIGN KEY (embed_id) REFERENCES embeds (id)
    ON DELETE CASCADE
);

CREATE TABLE embed_links (
  id bigserial NOT NULL,
  mail text NOT NULL,
  hash bytea,
  asked_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  CONSTRAINT pk_embed_links PRIMARY KEY (id),
  CONSTRAINT uq_embed_links_hash UNIQUE (hash),
  CONSTRAINT ck_embed_links_sent CHECK ((hash IS NULL) = (expires_at IS NULL))
);

CREATE VIEW public_view.embeds AS
  SELECT id, key, question, hosts, counted FROM embeds WHERE confirmed_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON embeds, embed_days, embed_links TO geoservice_app;
GRANT USAGE ON SEQUENCE embeds_id_seq, embed_links_id_seq TO geoservice_app;
GRANT SELECT ON public_view.embeds TO geoservice_app, geoservice_public;
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP VIEW public_view.embeds")
    op.execute("DROP TABLE embed_links, embed_days, embeds")
