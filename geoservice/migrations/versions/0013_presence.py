"""Ask in SQL who is there at a moment: days become stretches of time on the clock of a place.

Lock: none.
Time: instant.
Back: «permanence» can no longer be asked.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute(
        """
        CREATE FUNCTION days_in_zone(days datemultirange, zone text) RETURNS tstzmultirange
        LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
          SELECT coalesce(range_agg(tstzrange(
            lower(day)::timestamp AT TIME ZONE zone, upper(day)::timestamp AT TIME ZONE zone)), '{}')
          FROM unnest(days) AS day
        $$
        """
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION days_in_zone")
