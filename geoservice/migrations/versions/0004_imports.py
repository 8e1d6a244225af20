"""How far each source is trusted, and what each import brought.

The date of the last import no longer counts as a change of the places: an import that brings
nothing new leaves every cached answer good.

Lock: a moment on `sources`, a few dozen rows.
Time: instant.
Back: the journal of imports and the levels of trust go; the next import writes them again.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

TRUST = """
ALTER TABLE sources ADD COLUMN trust jsonb NOT NULL DEFAULT '{}';
DROP TRIGGER note_change ON sources;
CREATE TRIGGER note_change AFTER UPDATE OF title, licence, homepage OR DELETE OR TRUNCATE ON sources
  FOR EACH STATEMENT EXECUTE FUNCTION note_change('places');
"""

RUNS = """
CREATE TABLE import_runs (
  id bigserial NOT NULL,
  source text NOT NULL,
  origin text NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT now(),
  row_count integer NOT NULL,
  columns text[] NOT NULL,
  counts jsonb NOT NULL,
  CONSTRAINT pk_import_runs PRIMARY KEY (id),
  CONSTRAINT fk_import_runs_source_sources FOREIGN KEY (source) REFERENCES sources (name)
);
CREATE INDEX ix_import_runs_source ON import_runs (source, id);
GRANT SELECT, INSERT ON import_runs TO geoservice_app;
GRANT USAGE ON SEQUENCE import_runs_id_seq TO geoservice_app;
"""


def upgrade() -> None:
    op.execute(TRUST)
    op.execute(RUNS)


def downgrade() -> None:
    op.execute("DROP TABLE import_runs")
    op.execute("DROP TRIGGER note_change ON sources")
    op.execute(
        "CREATE TRIGGER note_change AFTER UPDATE OR DELETE OR TRUNCATE ON sources"
        " FOR EACH STATEMENT EXECUTE FUNCTION note_change('places')"
    )
    op.execute("ALTER TABLE sources DROP COLUMN trust")
