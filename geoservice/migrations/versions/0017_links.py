"""Links by which those who know a place keep it right, what they change, and how long their word holds.

Lock: `sources`, an instant.
Time: instant.
Back: links, changes and reports go. Records of source «structure» stay, and count as an import's.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

# The view was written before its table had a column more.
SOURCES = """
ALTER TABLE sources ADD COLUMN holds_days integer;
CREATE OR REPLACE VIEW public_view.sources AS SELECT * FROM sources;
"""
SOURCES_BEFORE = """
DROP VIEW public_view.sources;
CREATE VIEW public_view.sources AS
  SELECT name, title, licence, homepage, imported_at, trust FROM sources;
GRANT SELECT ON public_view.sources TO geoservice_app, geoservice_public;
ALTER TABLE sources DROP COLUMN holds_days;
"""

TABLES = """
CREATE TABLE links (
  id bigserial NOT NULL,
  place_id integer NOT NULL,
  mail text NOT NULL,
  hash bytea,
  asked_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT pk_links PRIMARY KEY (id),
  CONSTRAINT uq_links_hash UNIQUE (hash),
  CONSTRAINT ck_links_sent CHECK ((hash IS NULL) = (expires_at IS NULL)),
  CONSTRAINT fk_links_place_id_places FOREIGN KEY (place_id) REFERENCES places (id)
);
CREATE INDEX ix_links_place_id ON links (place_id);

CREATE TABLE link_changes (
  id bigserial NOT NULL,
  place_id integer NOT NULL,
  link_id bigint,
  field text NOT NULL,
  before jsonb NOT NULL,
  after jsonb NOT NULL,
  state text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  decided_at timestamptz,
  account_id integer,
  reason text,
  CONSTRAINT pk_link_changes PRIMARY KEY (id),
  CONSTRAINT ck_link_changes_state CHECK (
    state IN ('waiting', 'in_force', 'refused', 'undone')),
  CONSTRAINT fk_link_changes_place_id_places FOREIGN KEY (place_id) REFERENCES places (id),
  CONSTRAINT fk_link_changes_link_id_links FOREIGN KEY (link_id) REFERENCES links (id)
    ON DELETE SET NULL,
  CONSTRAINT fk_link_changes_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_link_changes_place_id ON link_changes (place_id, id);
CREATE INDEX ix_link_changes_waiting ON link_changes (id) WHERE state = 'waiting';

CREATE TABLE link_reports (
  id bigserial NOT NULL,
  place_id integer NOT NULL,
  category text NOT NULL,
  body text NOT NULL,
  contact text,
  made_at timestamptz NOT NULL DEFAULT now(),
  verdict text,
  decided_at timestamptz,
  account_id integer,
  CONSTRAINT pk_link_reports PRIMARY KEY (id),
  CONSTRAINT ck_link_reports_verdict CHECK (verdict IN ('done', 'refused')),
  CONSTRAINT fk_link_reports_place_id_places FOREIGN KEY (place_id) REFERENCES places (id),
  CONSTRAINT fk_link_reports_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_link_reports_waiting ON link_reports (id) WHERE verdict IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON links, link_changes, link_reports TO geoservice_app;
GRANT USAGE ON SEQUENCE links_id_seq, link_changes_id_seq, link_reports_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(SOURCES)
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE link_reports, link_changes, links")
    op.execute(SOURCES_BEFORE)
