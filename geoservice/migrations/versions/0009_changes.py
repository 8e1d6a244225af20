"""What changed since a moment, places that are gone included, for whoever keeps a copy.

Lock: none.
Time: instant.
Back: the view and the function go; nothing that was told to us is lost.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

VIEW = """
CREATE VIEW public_view.changes AS
  SELECT place.id, place.public_id, place.name, place.commune, place.changed_at,
    place.withdrawn_at IS NULL AND place.merged_into IS NULL AS is_visible,
    heir.public_id AS merged_into
  FROM places place LEFT JOIN places heir ON heir.id = place.merged_into
  WHERE place.published_at IS NOT NULL;
GRANT SELECT ON public_view.changes TO geoservice_app, geoservice_public;
"""

# `changed_at` is when a transaction started, but it is seen when the transaction ends: what is
# still under way bounds what can be said to be complete. Sessions that only read do not count.
COMPLETE = """
CREATE FUNCTION public_view.changes_complete_until() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN least(now(), (
  SELECT min(xact_start) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename <> 'geoservice_public'
));
REVOKE EXECUTE ON FUNCTION public_view.changes_complete_until() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public_view.changes_complete_until() TO geoservice_app, geoservice_public;
"""

# The view was written before its table had a column more.
SOURCES = "CREATE OR REPLACE VIEW public_view.sources AS SELECT * FROM sources"
SOURCES_BEFORE = """
DROP VIEW public_view.sources;
CREATE VIEW public_view.sources AS SELECT name, title, licence, homepage, imported_at FROM sources;
GRANT SELECT ON public_view.sources TO geoservice_app, geoservice_public;
"""


def upgrade() -> None:
    op.execute(SOURCES)
    op.execute(VIEW)
    op.execute(COMPLETE)


def downgrade() -> None:
    op.execute(SOURCES_BEFORE)
    op.execute("DROP FUNCTION public_view.changes_complete_until()")
    op.execute("DROP VIEW public_view.changes")
