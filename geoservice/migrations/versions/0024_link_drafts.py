"""Keep what the bearer of a link has not sent yet; who asked for a link, why, and how far it goes.

Lock: `links`, an instant.
Time: instant.
Back: drafts go; links that have no address are deleted.
"""

from alembic import op

revision = "0024"
down_revision = "0023"

UP = """
ALTER TABLE links
  ALTER COLUMN mail DROP NOT NULL,
  ADD COLUMN fields text[],
  ADD COLUMN trusted boolean NOT NULL DEFAULT false,
  ADD COLUMN account_id integer,
  ADD COLUMN why text,
  ADD CONSTRAINT fk_links_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id);
CREATE TABLE link_drafts (
  link_id bigint NOT NULL,
  field text NOT NULL,
  seen text NOT NULL,
  after jsonb NOT NULL,
  typed jsonb NOT NULL,
  saved_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_link_drafts PRIMARY KEY (link_id, field),
  CONSTRAINT fk_link_drafts_link_id_links FOREIGN KEY (link_id) REFERENCES links (id)
    ON DELETE CASCADE
);
GRANT SELECT, INSERT, UPDATE, DELETE ON link_drafts TO geoservice_app;
"""

DOWN = """
DROP TABLE link_drafts;
DELETE FROM links WHERE mail IS NULL;
ALTER TABLE links
  ALTER COLUMN mail SET NOT NULL,
  DROP COLUMN fields, DROP COLUMN trusted, DROP COLUMN account_id, DROP COLUMN why;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
