"""Places that anyone says are missing, until somebody looks at them.

Lock: none.
Time: instant.
Back: proposals go; the places that were made of them stay.
"""

from alembic import op

revision = "0028"
down_revision = "0027"

UP = """
CREATE TABLE link_proposals (
  id bigserial NOT NULL,
  told jsonb NOT NULL,
  code_insee text NOT NULL,
  body text,
  contact text,
  made_at timestamptz NOT NULL DEFAULT now(),
  verdict text,
  decided_at timestamptz,
  account_id integer,
  CONSTRAINT pk_link_proposals PRIMARY KEY (id),
  CONSTRAINT ck_link_proposals_verdict CHECK (verdict IN ('done', 'refused')),
  CONSTRAINT fk_link_proposals_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_link_proposals_waiting ON link_proposals (id) WHERE verdict IS NULL;
GRANT SELECT, INSERT, UPDATE ON link_proposals TO geoservice_app;
GRANT USAGE ON SEQUENCE link_proposals_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE link_proposals")
