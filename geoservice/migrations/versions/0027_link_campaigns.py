"""Ask places whether what is told of them is still right: who was asked, who answered, who wants no more.

Lock: `links`, an instant.
Time: instant.
Back: campaigns go, with the addresses that asked not to be written to.
"""

from alembic import op

revision = "0027"
down_revision = "0026"

UP = """
CREATE TABLE link_campaigns (
  id bigserial NOT NULL,
  account_id integer NOT NULL,
  months integer NOT NULL,
  message text,
  remind_days integer,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CONSTRAINT pk_link_campaigns PRIMARY KEY (id),
  CONSTRAINT fk_link_campaigns_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE TABLE link_letters (
  id bigserial NOT NULL,
  campaign_id bigint NOT NULL,
  place_id integer NOT NULL,
  mail text NOT NULL,
  return_key text NOT NULL,
  leave_hashes bytea[] NOT NULL DEFAULT '{}',
  made_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  reminded_at timestamptz,
  bounced_at timestamptz,
  bounce text,
  answered_at timestamptz,
  left_at timestamptz,
  CONSTRAINT pk_link_letters PRIMARY KEY (id),
  CONSTRAINT uq_link_letters_campaign_id UNIQUE (campaign_id, place_id),
  CONSTRAINT uq_link_letters_return_key UNIQUE (return_key),
  CONSTRAINT fk_link_letters_campaign_id_link_campaigns FOREIGN KEY (campaign_id)
    REFERENCES link_campaigns (id) ON DELETE CASCADE,
  CONSTRAINT fk_link_letters_place_id_places FOREIGN KEY (place_id) REFERENCES places (id)
);
CREATE INDEX ix_link_letters_place_id ON link_letters (place_id);
CREATE INDEX ix_link_letters_leave_hashes ON link_letters USING gin (leave_hashes);
CREATE TABLE link_silences (
  hash bytea NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_link_silences PRIMARY KEY (hash)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON link_campaigns, link_letters TO geoservice_app;
GRANT SELECT, INSERT, DELETE ON link_silences TO geoservice_app;
GRANT USAGE ON SEQUENCE link_campaigns_id_seq, link_letters_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE link_silences, link_letters, link_campaigns")
