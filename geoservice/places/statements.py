"""The statements of `actions.receive`, in the order in which it runs them.

They share three temporary tables: `incoming`, what the source says; `touched`, the records and
places that it concerns; `derived`, what these places must become.
"""
# ruff: noqa: S608 - built of our own column names, never of values

from collections.abc import Iterable

from geoservice.places.fields import FIELDS

SAID_COLUMNS = tuple(f.column for f in FIELDS if f.column not in ("lon", "lat"))
COMPARED_COLUMNS = (*SAID_COLUMNS, "departement", "provenance", "schedule_id", "point")
DERIVED_COLUMNS = (
    "id",
    *SAID_COLUMNS,
    *("departement", "provenance", "lon", "lat", "expression", "calendar", "code", "time_zone"),
)


def _columns(of: str, columns: Iterable[str] = COMPARED_COLUMNS) -> str:
    return ", ".join(f"{of}{column}" for column in columns)


# What the source said before against what it says now. With :everything, every record of the source
# counts as touched, because its trust moved. New places are numbered in the order of the source.
TOUCHED = """
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT key, record_id, fate,
  CASE fate WHEN 'new' THEN nextval('places_id_seq')::integer ELSE place_id END AS place_id
FROM (
  SELECT key, record.id AS record_id, record.place_id,
    CASE
      WHEN record.id IS NULL THEN 'new'
      WHEN incoming.key IS NULL AND :complete AND record.withdrawn_at IS NULL THEN 'withdrawn'
      WHEN incoming.key IS NULL THEN 'same'
      WHEN record.withdrawn_at IS NOT NULL THEN 'returned'
      WHEN (record.statements, record.stated_on)
        IS DISTINCT FROM (incoming.statements, incoming.stated_on) THEN 'changed'
      ELSE 'same'
    END AS fate
  FROM incoming FULL JOIN (SELECT * FROM source_records WHERE source = :source) record USING (key)
  ORDER BY incoming.rank
) compared
WHERE :everything OR fate <> 'same'
"""
# The same table for places whose records did not change, but moved.
TOUCH = """
CREATE TEMP TABLE touched ON COMMIT DROP AS
SELECT ''::text AS key, NULL::bigint AS record_id, 'same' AS fate, place_id
FROM unnest(cast(:ids AS integer[])) AS place_id
"""
COUNTS = "SELECT fate, count(*) FROM touched GROUP BY fate"
UNCHANGED = """
SELECT count(*) FROM incoming
WHERE NOT EXISTS (SELECT FROM touched WHERE touched.key = incoming.key AND fate <> 'same')
"""
UPDATE_RECORDS = """
UPDATE source_records record
SET statements = incoming.statements, stated_on = incoming.stated_on, received_at = now(), withdrawn_at = NULL
FROM touched JOIN incoming USING (key)
WHERE record.id = touched.record_id AND fate IN ('changed', 'returned')
"""
WITHDRAW_RECORDS = """
UPDATE source_records record SET withdrawn_at = now()
FROM touched WHERE record.id = touched.record_id AND fate = 'withdrawn'
"""


def _listed(today: str) -> str:
    """The condition on which the place `place_id` is listed, given how to write the day.

    A source lists it, or people who know it spoke of it lately; and nobody who knows it said that
    it is closed, unless that is so old that a later import is believed.
    """
    words = """
      SELECT FROM source_records said JOIN sources by ON by.name = said.source
      WHERE said.place_id = place.place_id AND said.withdrawn_at IS NULL"""
    later_import = """
      SELECT FROM source_records later JOIN sources ON sources.name = later.source
      WHERE later.place_id = said.place_id AND later.withdrawn_at IS NULL
        AND sources.holds_days IS NULL
        AND coalesce(later.stated_on, later.received_at::date) > said.stated_on"""
    return f"""
    EXISTS ({words} AND (by.holds_days IS NULL OR said.stated_on >= {today} - by.holds_days))
    AND NOT EXISTS ({words} AND jsonb_exists(said.statements, 'closed')
      AND (said.stated_on >= {today} - by.holds_days OR NOT EXISTS ({later_import})))
    """


# Records of new places are not stored yet: they need their place first. When only people still speak
# of a place, what its sources last said of it is the ground on which they stand.
RECORDS_BY_PLACE = f"""
SELECT place_id, record.source, record.key, sources.trust, record.stated_on, record.statements,
  sources.holds_days, record.received_at::date
FROM (SELECT DISTINCT place_id FROM touched WHERE fate <> 'new') place
JOIN source_records record USING (place_id)
JOIN sources ON sources.name = record.source
WHERE ({_listed("%(today)s")})
  AND (record.withdrawn_at IS NULL OR sources.holds_days IS NULL AND NOT EXISTS (
    SELECT FROM source_records listed JOIN sources source ON source.name = listed.source
    WHERE listed.place_id = place.place_id AND listed.withdrawn_at IS NULL
      AND source.holds_days IS NULL))
UNION ALL
SELECT place_id, sources.name, key, sources.trust, stated_on, statements, NULL, NULL
FROM touched JOIN incoming USING (key) JOIN sources ON sources.name = %(source)s
WHERE fate = 'new'
ORDER BY place_id
"""
CREATE_DERIVED = f"""
CREATE TEMP TABLE derived ON COMMIT DROP AS
SELECT id, {_columns("")}, 0::double precision AS lon, 0::double precision AS lat,
  ''::text AS expression, ''::text AS calendar, ''::text AS code, ''::text AS time_zone
FROM places LIMIT 0
"""
FORGET_SAME = f"""
DELETE FROM derived USING places
WHERE places.id = derived.id AND places.withdrawn_at IS NULL
  AND ({_columns("places.")}) IS NOT DISTINCT FROM ({_columns("derived.")})
"""
FRESH_AND_DIFFERENT = """
SELECT count(minted.id), count(*) - count(minted.id) FROM derived LEFT JOIN minted USING (id)
"""
INSERT_PLACES = f"""
INSERT INTO places (id, public_id, published_at, {_columns("")})
SELECT id, public_id, now(), {_columns("derived.")} FROM derived JOIN minted USING (id)
"""
INSERT_RECORDS = """
INSERT INTO source_records (source, key, place_id, statements, stated_on)
SELECT :source, key, place_id, statements, stated_on
FROM touched JOIN incoming USING (key) WHERE fate = 'new'
"""
UPDATE_PLACES = f"""
UPDATE places SET ({_columns("")}) = ROW({_columns("derived.")}),
  changed_at = now(), withdrawn_at = NULL
FROM derived WHERE places.id = derived.id
"""
# Written before records of new places are stored: those are never unlisted.
UNLISTED = f"""
SELECT place_id AS id FROM (
  SELECT places.id AS place_id FROM places
  WHERE places.id IN (SELECT place_id FROM touched WHERE fate <> 'new') AND withdrawn_at IS NULL
) place
WHERE NOT ({_listed(":today")})
"""
UNLISTED_COUNT = f"SELECT count(*) FROM ({UNLISTED}) unlisted"
WITHDRAW_PLACES = f"""
UPDATE places SET withdrawn_at = now(), changed_at = now()
WHERE id IN (SELECT id FROM ({UNLISTED}) unlisted)
"""
UNLISTED_NAMES = f"""
SELECT public_id, name, (SELECT array_agg(key ORDER BY key) FROM touched WHERE place_id = places.id)
FROM places WHERE id IN ({UNLISTED}) ORDER BY id
"""
KEEP_WORD = """
INSERT INTO source_records (source, key, place_id, origin_id, statements, stated_on)
SELECT :source, :key, coalesce(merged_into, id), id, cast(:statements AS jsonb), :stated_on
FROM places WHERE id = :place
ON CONFLICT (source, key) DO UPDATE SET statements = EXCLUDED.statements,
  stated_on = EXCLUDED.stated_on, received_at = now(), withdrawn_at = NULL
"""
WITHDRAW_WORD = """
UPDATE source_records SET withdrawn_at = now()
WHERE source = :source AND key = :key AND withdrawn_at IS NULL
"""
PLACES_OF_WORD = "SELECT coalesce(merged_into, id) FROM places WHERE id = :place"
PLACES_OF_SOURCE = "SELECT DISTINCT place_id FROM source_records WHERE source = :source"
DIFFERENCES = f"""
SELECT coalesce(minted.public_id, places.public_id),
  CASE WHEN minted.id IS NOT NULL THEN 'new' WHEN places.withdrawn_at IS NOT NULL THEN 'returned' ELSE 'changed' END,
  (SELECT array_agg(key ORDER BY key) FROM touched WHERE place_id = derived.id),
  {_columns("places.", SAID_COLUMNS)}, ST_X(places.point), ST_Y(places.point),
  {_columns("derived.", SAID_COLUMNS)}, derived.lon, derived.lat
FROM derived LEFT JOIN minted USING (id) LEFT JOIN places USING (id)
ORDER BY derived.id
"""
