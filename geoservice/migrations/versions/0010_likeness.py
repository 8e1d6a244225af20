"""Which places are one: the journal of decisions, the queue of doubts, and where each record began.

Lock: `source_records`, exclusive, for the time below.
Time: 2 µs per record already there.
Back: the decisions go, and places that were merged stay so: undo the merges first.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

# A record keeps the place that was made for it, so that a merge can be undone exactly.
ORIGIN = """
ALTER TABLE source_records ADD COLUMN origin_id integer;
UPDATE source_records SET origin_id = place_id;
ALTER TABLE source_records ALTER COLUMN origin_id SET NOT NULL,
  ADD CONSTRAINT fk_source_records_origin_id_places FOREIGN KEY (origin_id) REFERENCES places (id);
CREATE INDEX ix_source_records_origin_id ON source_records (origin_id);

CREATE FUNCTION remember_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.origin_id := coalesce(NEW.origin_id, NEW.place_id);
  RETURN NEW;
END $$;
CREATE TRIGGER remember_origin BEFORE INSERT ON source_records
  FOR EACH ROW EXECUTE FUNCTION remember_origin();
"""

TABLES = """
CREATE TABLE likeness_decisions (
  id bigserial NOT NULL,
  a integer NOT NULL,
  b integer NOT NULL,
  verdict text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  account_id integer,
  reason text,
  verdict_data jsonb,
  CONSTRAINT pk_likeness_decisions PRIMARY KEY (id),
  CONSTRAINT ck_likeness_decisions_order CHECK (a < b),
  CONSTRAINT ck_likeness_decisions_verdict CHECK (verdict IN ('same', 'not_same')),
  CONSTRAINT fk_likeness_decisions_a_places FOREIGN KEY (a) REFERENCES places (id),
  CONSTRAINT fk_likeness_decisions_b_places FOREIGN KEY (b) REFERENCES places (id),
  CONSTRAINT fk_likeness_decisions_account_id_accounts FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX ix_likeness_decisions_pair ON likeness_decisions (a, b, id);

CREATE TABLE likeness_pairs (
  a integer NOT NULL,
  b integer NOT NULL,
  score double precision NOT NULL,
  verdict_data jsonb NOT NULL,
  CONSTRAINT pk_likeness_pairs PRIMARY KEY (a, b),
  CONSTRAINT ck_likeness_pairs_order CHECK (a < b),
  CONSTRAINT fk_likeness_pairs_a_places FOREIGN KEY (a) REFERENCES places (id),
  CONSTRAINT fk_likeness_pairs_b_places FOREIGN KEY (b) REFERENCES places (id)
);
CREATE INDEX ix_likeness_pairs_score ON likeness_pairs (score, a, b);

GRANT SELECT, INSERT ON likeness_decisions TO geoservice_app;
GRANT USAGE ON SEQUENCE likeness_decisions_id_seq TO geoservice_app;
GRANT SELECT, INSERT, DELETE ON likeness_pairs TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(ORIGIN)
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE likeness_pairs, likeness_decisions")
    op.execute("DROP TRIGGER remember_origin ON source_records")
    op.execute("DROP FUNCTION remember_origin")
    op.execute("ALTER TABLE source_records DROP COLUMN origin_id")
