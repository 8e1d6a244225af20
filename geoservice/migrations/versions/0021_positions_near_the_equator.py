"""Number every latitude: the smallest numbers that a file can hold are the equator, not an error.

PostgreSQL refuses `radians(5e-324)`; a hypothesis of the tests found it before a source did.

Lock: none, only the function is replaced; no position that is stored changes.
Time: instant.
Back: such a latitude stops an import again.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

MERCATOR_Y31 = """
CREATE OR REPLACE FUNCTION mercator_y31(lat double precision) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN least(2147483647, greatest(0, floor(
  (1 - asinh(tan(radians(least(85.0511287798066, greatest(-85.0511287798066, {lat}))))) / pi()) / 2
  * 2147483648)))::integer
"""


def upgrade() -> None:
    op.execute(MERCATOR_Y31.format(lat="CASE WHEN abs(lat) < 1e-300 THEN 0 ELSE lat END"))


def downgrade() -> None:
    op.execute(MERCATOR_Y31.format(lat="lat"))
