"""When each schedule is open, and when nobody knows: the spans of the coming weeks, for SQL.

Lock: schedules, exclusive, for an instant: a thousand rows.
Time: instant; `geoservice refresh-hours` then fills the spans (a second for a thousand schedules).
Back: the spans go; the hours stay as they are written.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

SPANS = """
ALTER TABLE schedules
  ADD COLUMN code text NOT NULL DEFAULT '',
  ADD COLUMN time_zone text NOT NULL DEFAULT 'Europe/Paris',
  ADD COLUMN open tstzmultirange NOT NULL DEFAULT '{}',
  ADD COLUMN unknown tstzmultirange NOT NULL DEFAULT '{}',
  ADD COLUMN by_appointment tstzmultirange NOT NULL DEFAULT '{}',
  ADD COLUMN spans_from date,
  ADD COLUMN spans_until date;
ALTER TABLE schedules ALTER COLUMN code DROP DEFAULT, ALTER COLUMN time_zone DROP DEFAULT;

CREATE TRIGGER note_change AFTER UPDATE ON schedules
  FOR EACH STATEMENT EXECUTE FUNCTION note_change('places');

CREATE OR REPLACE VIEW public_view.schedules AS SELECT * FROM schedules;
CREATE INDEX ix_places_sorted_by_name ON places (norm, id)
  WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL;
CREATE INDEX ix_places_sorted_by_freshness ON places (updated_on DESC NULLS LAST, id)
  WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL;
"""


def upgrade() -> None:
    op.execute(SPANS)


def downgrade() -> None:
    op.execute("DROP INDEX ix_places_sorted_by_name, ix_places_sorted_by_freshness")
    op.execute("DROP TRIGGER note_change ON schedules")
    op.execute("DROP VIEW public_view.schedules")
    op.execute(
        "ALTER TABLE schedules DROP COLUMN code, DROP COLUMN time_zone, DROP COLUMN open, "
        "DROP COLUMN unknown, DROP COLUMN by_appointment, DROP COLUMN spans_from, DROP COLUMN spans_until"
    )
    op.execute("CREATE VIEW public_view.schedules AS SELECT * FROM schedules")
    op.execute("GRANT SELECT ON public_view.schedules TO geoservice_app, geoservice_public")
