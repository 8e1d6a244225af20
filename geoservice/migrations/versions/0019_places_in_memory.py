"""Say which squares of the map have changed since when: processes keep the places in memory.

Filters of tiles are no longer counted from bits in the database, which could answer only some of
them: bits by block go, and commits no longer wait for them.
Lock: a moment on `places`, for its triggers.
Time: instant.
Back: the bits are computed again, 30 s for 2 000 000 places.
"""

from importlib import import_module

from alembic import op

revision = "0019"
down_revision = "0018"

BLOCKS = """
DROP VIEW public_view.place_blocks, public_view.place_bits;
DROP TABLE place_blocks, place_bits;
DROP FUNCTION refresh_place_bits(integer), refresh_place_bits(bigint, integer);

CREATE SEQUENCE place_stamps;
CREATE TABLE place_blocks (
  block bigint NOT NULL,
  stamp bigint NOT NULL,
  CONSTRAINT pk_place_blocks PRIMARY KEY (block)
);
COMMENT ON TABLE place_blocks IS 'The tiles of zoom 8 that have or had places, each with a number that is another one after every change of what tiles are filtered by.';
INSERT INTO place_blocks SELECT k, nextval('place_stamps') FROM place_cells WHERE z = 4;

CREATE OR REPLACE VIEW public_view.place_pins AS
  SELECT id, public_id, name, place_kind(typologies) AS kind, qk, x31, y31, mask, mask2, schedule_id,
    departement, code_insee
  FROM places
  WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL AND qk IS NOT NULL;
CREATE VIEW public_view.place_blocks AS SELECT * FROM place_blocks;
GRANT SELECT ON public_view.place_blocks TO geoservice_app, geoservice_public;
"""

COLLECT = """
CREATE OR REPLACE FUNCTION collect_place_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  CASE TG_OP
  WHEN 'INSERT' THEN
    INSERT INTO place_changes
      SELECT qk >> 28, 1, x31, y31, id FROM new_places
      WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL
        AND qk IS NOT NULL;
  WHEN 'DELETE' THEN
    INSERT INTO place_changes
      SELECT qk >> 28, -1, -x31::bigint, -y31::bigint, -id FROM old_places
      WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL
        AND qk IS NOT NULL;
  WHEN 'UPDATE' THEN
    -- most updates change neither where a place is nor what it is filtered by
    WITH pair AS (
      SELECT o.id, o.qk AS old_qk, o.x31 AS old_x, o.y31 AS old_y, n.qk, n.x31, n.y31,
        o.published_at IS NOT NULL AND o.withdrawn_at IS NULL AND o.merged_into IS NULL
          AND o.qk IS NOT NULL AS was,
        n.published_at IS NOT NULL AND n.withdrawn_at IS NULL AND n.merged_into IS NULL
          AND n.qk IS NOT NULL AS is_now,
        (o.qk, o.mask, o.mask2, o.schedule_id, o.departement, o.code_insee)
          IS DISTINCT FROM (n.qk, n.mask, n.mask2, n.schedule_id, n.departement, n.code_insee) AS changed
      FROM old_places o JOIN new_places n USING (id)
    )
    INSERT INTO place_changes
      SELECT old_qk >> 28, -1, -old_x::bigint, -old_y::bigint, -id FROM pair
        WHERE was AND (changed OR NOT is_now)
      UNION ALL
      SELECT qk >> 28, 1, x31, y31, id FROM pair WHERE is_now AND (changed OR NOT was);
  WHEN 'TRUNCATE' THEN
    TRUNCATE place_cells, place_blocks, place_changes;
  END CASE;
  RETURN NULL;
END $$;
"""

APPLY = """
CREATE OR REPLACE FUNCTION apply_place_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  blocks bigint[];
  emptied_z smallint[];
  emptied_k bigint[];
BEGIN
  SELECT array_agg(DISTINCT k >> 18) INTO blocks FROM place_changes;
  IF blocks IS NULL THEN
    RETURN NULL;
  END IF;

  WITH gone AS (
    DELETE FROM place_changes RETURNING *
  ), net AS (
    SELECT k, sum(n) AS n, sum(x) AS x, sum(y) AS y, sum(id) AS id
    FROM gone GROUP BY k HAVING sum(n) <> 0 OR sum(x) <> 0 OR sum(y) <> 0 OR sum(id) <> 0
  ), applied AS (
    INSERT INTO place_cells AS cell
      SELECT z, k >> 2 * (13 - z) AS cell_k, sum(n), sum(x), sum(y), sum(id)
      FROM net CROSS JOIN generate_series(0, 13) AS z GROUP BY z, cell_k ORDER BY z, cell_k
    ON CONFLICT (z, k) DO UPDATE SET n = cell.n + excluded.n, sum_x = cell.sum_x + excluded.sum_x,
      sum_y = cell.sum_y + excluded.sum_y, sum_id = cell.sum_id + excluded.sum_id
    RETURNING z, k, n
  )
  SELECT array_agg(z), array_agg(k) INTO emptied_z, emptied_k FROM applied WHERE n = 0;
  DELETE FROM place_cells AS cell USING unnest(emptied_z, emptied_k) AS emptied (z, k)
    WHERE cell.z = emptied.z AND cell.k = emptied.k;

  INSERT INTO place_blocks SELECT each, nextval('place_stamps') FROM unnest(blocks) AS each
    ON CONFLICT (block) DO UPDATE SET stamp = excluded.stamp;
  RETURN NULL;
END $$;
"""

REBUILD = """
CREATE OR REPLACE FUNCTION rebuild_place_cells() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM data_versions WHERE dataset = 'places' FOR UPDATE;
  DELETE FROM place_changes;
  DELETE FROM place_cells;
  DELETE FROM place_blocks;
  INSERT INTO place_cells
    SELECT 13, qk >> 28, count(*), sum(x31), sum(y31), sum(id) FROM places
    WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL
      AND qk IS NOT NULL
    GROUP BY qk >> 28 ORDER BY qk >> 28;
  FOR zoom IN REVERSE 12..0 LOOP
    INSERT INTO place_cells
      SELECT zoom, k >> 2, sum(n), sum(sum_x), sum(sum_y), sum(sum_id) FROM place_cells
      WHERE z = zoom + 1 GROUP BY k >> 2 ORDER BY k >> 2;
  END LOOP;
  INSERT INTO place_blocks SELECT k, nextval('place_stamps') FROM place_cells WHERE z = 4;
END $$;
"""


def upgrade() -> None:
    for statements in (BLOCKS, COLLECT, APPLY, REBUILD):
        op.execute(statements)


def downgrade() -> None:
    before = import_module("geoservice.migrations.versions.0006_tiles")
    op.execute(
        "DROP VIEW public_view.place_pins, public_view.place_cells, public_view.place_blocks"
    )
    op.execute("DROP TRIGGER apply_place_changes ON changed_datasets")
    for event in ("inserted", "updated", "deleted", "truncated"):
        op.execute(f"DROP TRIGGER collect_{event} ON places")
    op.execute("DROP FUNCTION apply_place_changes, collect_place_changes, rebuild_place_cells")
    op.execute("DROP TABLE place_cells, place_blocks, place_changes")
    op.execute("DROP SEQUENCE place_stamps")
    for statements in (before.TABLES, before.COLLECT, before.REFRESH, before.APPLY):
        op.execute(statements)
    op.execute("SELECT rebuild_place_cells()")
