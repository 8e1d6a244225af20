"""What vector tiles are made from: pins, the pyramid of cells, bits by block, outlines by zoom.

Everything here is computed from `places` and `territories`. Changes of places are collected by
statement and applied once, when the transaction commits, after it has raised the version of the
data: the row of that version is the one lock that writers wait for, and only while they commit.

Lock: a moment on `places`, for its triggers.
Time: 35 µs per place already there, and 2 s for the outlines of France.
Back: everything goes; nothing that was told to us is lost.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

# The nine everyday groups of `places.typologies.TypologieGroup`, from 1, in their order. It is
# asked only of the places that are drawn one by one, so it may change with the lists.
KIND = """
CREATE FUNCTION place_kind(typologies text[]) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN typologies[1] IN ('BIB', 'RELAIS_LECTURE') THEN 1
  WHEN typologies[1] IN ('LA_POSTE', 'MSAP', 'PAD', 'PI', 'PIMMS', 'RFS') THEN 2
  WHEN typologies[1] IN ('ENM', 'EPI', 'EPN', 'FABLAB', 'FABRIQUE', 'TIERS_LIEUX') THEN 3
  WHEN typologies[1] IN ('CAF', 'CC', 'CD', 'CFP', 'CPAM', 'DEETS', 'DIPLP', 'EPCI', 'MSA', 'MUNI',
    'PREF', 'REG') THEN 4
  WHEN typologies[1] IN ('CS', 'CSC', 'EVS', 'MDH', 'MJC', 'MQ') THEN 5
  WHEN typologies[1] IN ('ASE', 'CAARUD', 'CADA', 'CCAS', 'CDAS', 'CHRS', 'CHU', 'CIAS', 'CIDFF',
    'CMP', 'CMS', 'CPH', 'CSAPA', 'DEPT', 'ES', 'ESAT', 'HUDA', 'MDPH', 'MDS', 'ODC', 'OIL',
    'PENSION', 'PJJ', 'PREVENTION', 'RS_FJT', 'SCP', 'SPIP', 'UDAF') THEN 6
  WHEN typologies[1] IN ('ACI', 'ACIPHC', 'AFPA', 'AI', 'ASSO_CHOMEUR', 'AVIP', 'CAP_EMPLOI',
    'CAVA', 'CCONS', 'CITMET', 'E2C', 'EA', 'EATT', 'EI', 'EITI', 'EPIDE', 'ESS', 'ETTI', 'FAIS',
    'FT', 'GEIQ', 'MDE', 'MDEF', 'ML', 'OACAS', 'OF', 'OPCS', 'PIJ_BIJ', 'PLIE', 'RESSOURCERIE') THEN 7
  WHEN typologies[1] = 'ASSO' THEN 8
  ELSE 9
END;
"""

# A cell is a square of the grid of 16 × 16 squares of a tile of zoom z; k is its Morton number.
# Sums can be added and taken away, even the sum of ids: where n = 1, it is the id.
# A block is a tile of zoom 8, so that every tile of zooms 0 to 8 is made of whole blocks. In a
# block, place_bits has for each bit of mask (0 to 62) and of mask2 (64 and more) one bit per
# place, in the order of (qk, id): a cell is then a range of them, and several filters are an AND.
TABLES = """
CREATE TABLE place_cells (
  z smallint NOT NULL,
  k bigint NOT NULL,
  n integer NOT NULL,
  sum_x bigint NOT NULL,
  sum_y bigint NOT NULL,
  sum_id bigint NOT NULL,
  CONSTRAINT pk_place_cells PRIMARY KEY (z, k)
) WITH (fillfactor = 80);

CREATE TABLE place_blocks (
  block bigint NOT NULL,
  CONSTRAINT pk_place_blocks PRIMARY KEY (block)
);
COMMENT ON TABLE place_blocks IS 'The blocks whose place_bits are up to date.';

CREATE TABLE place_bits (
  block bigint NOT NULL,
  bit smallint NOT NULL,
  places bit varying NOT NULL,
  CONSTRAINT pk_place_bits PRIMARY KEY (block, bit)
);
ALTER TABLE place_bits ALTER places SET STORAGE EXTERNAL;

CREATE UNLOGGED TABLE place_changes (
  k bigint NOT NULL,
  n integer NOT NULL,
  x bigint NOT NULL,
  y bigint NOT NULL,
  id bigint NOT NULL
);
COMMENT ON TABLE place_changes IS 'Empty outside transactions: what collect_place_changes() leaves for apply_place_changes(). k is a cell of zoom 13.';

CREATE VIEW public_view.place_pins AS
  SELECT id, public_id, name, place_kind(typologies) AS kind, qk, x31, y31, mask, mask2, schedule_id
  FROM places
  WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL AND qk IS NOT NULL;
CREATE VIEW public_view.place_cells AS SELECT * FROM place_cells;
CREATE VIEW public_view.place_blocks AS SELECT * FROM place_blocks;
CREATE VIEW public_view.place_bits AS SELECT * FROM place_bits;
GRANT SELECT ON public_view.place_pins, public_view.place_cells, public_view.place_blocks,
  public_view.place_bits TO geoservice_app, geoservice_public;

-- announce_change() may meet a version that nobody has raised yet
INSERT INTO data_versions (dataset) VALUES ('places'), ('territories') ON CONFLICT DO NOTHING;
"""

COLLECT = """
CREATE FUNCTION collect_place_changes() RETURNS trigger
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
        (o.qk, o.mask, o.mask2) IS DISTINCT FROM (n.qk, n.mask, n.mask2) AS changed
      FROM old_places o JOIN new_places n USING (id)
    )
    INSERT INTO place_changes
      SELECT old_qk >> 28, -1, -old_x::bigint, -old_y::bigint, -id FROM pair
        WHERE was AND (changed OR NOT is_now)
      UNION ALL
      SELECT qk >> 28, 1, x31, y31, id FROM pair WHERE is_now AND (changed OR NOT was);
  WHEN 'TRUNCATE' THEN
    TRUNCATE place_cells, place_blocks, place_bits, place_changes;
  END CASE;
  RETURN NULL;
END $$;

CREATE TRIGGER collect_inserted AFTER INSERT ON places REFERENCING NEW TABLE AS new_places
  FOR EACH STATEMENT EXECUTE FUNCTION collect_place_changes();
CREATE TRIGGER collect_updated AFTER UPDATE ON places
  REFERENCING OLD TABLE AS old_places NEW TABLE AS new_places
  FOR EACH STATEMENT EXECUTE FUNCTION collect_place_changes();
CREATE TRIGGER collect_deleted AFTER DELETE ON places REFERENCING OLD TABLE AS old_places
  FOR EACH STATEMENT EXECUTE FUNCTION collect_place_changes();
CREATE TRIGGER collect_truncated AFTER TRUNCATE ON places
  FOR EACH STATEMENT EXECUTE FUNCTION collect_place_changes();
"""

# Triggers of one event fire in the order of their names: `announce_change` first, so that every
# transaction takes the lock of the version before it touches cells, and none can deadlock.
APPLY = """
CREATE FUNCTION apply_place_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  blocks bigint[];
  emptied_z smallint[];
  emptied_k bigint[];
  changed_block bigint;
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

  FOREACH changed_block IN ARRAY blocks LOOP
    PERFORM refresh_place_bits(changed_block, 20000);
  END LOOP;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER apply_place_changes AFTER INSERT ON changed_datasets
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.dataset = 'places')
  EXECUTE FUNCTION apply_place_changes();
"""

# A tile reads the places of a small block one by one, so only blocks of 200 and more have bits.
# Above `largest`, the bits would hold up the commit: the block does without until
# refresh_place_bits() is called, and its tiles are right, but slower.
REFRESH = """
CREATE FUNCTION refresh_place_bits(changed_block bigint, largest integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM place_blocks WHERE block = changed_block;
  DELETE FROM place_bits WHERE block = changed_block;
  IF NOT EXISTS (SELECT FROM place_cells
      WHERE z = 4 AND k = changed_block AND n BETWEEN 200 AND largest) THEN
    RETURN;
  END IF;
  INSERT INTO place_blocks VALUES (changed_block);
  INSERT INTO place_bits
    WITH place AS MATERIALIZED (
      SELECT mask, mask2::bigint FROM places
      WHERE published_at IS NOT NULL AND withdrawn_at IS NULL AND merged_into IS NULL
        AND qk BETWEEN changed_block << 46 AND (changed_block + 1 << 46) - 1
      ORDER BY qk, id
    ), met AS (
      SELECT bit_or(mask) AS mask, bit_or(mask2) AS mask2 FROM place
    )
    SELECT changed_block, bit,
      (SELECT string_agg(CASE WHEN place.mask >> bit & 1 = 1 THEN '1' ELSE '0' END, '') FROM place)::varbit
    FROM met, generate_series(0, 62) AS bit WHERE met.mask >> bit & 1 = 1
    UNION ALL
    SELECT changed_block, 64 + bit,
      (SELECT string_agg(CASE WHEN place.mask2 >> bit & 1 = 1 THEN '1' ELSE '0' END, '') FROM place)::varbit
    FROM met, generate_series(0, 30) AS bit WHERE met.mask2 >> bit & 1 = 1;
END $$;

CREATE FUNCTION refresh_place_bits(at_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  waiting bigint[];
  waiting_block bigint;
BEGIN
  PERFORM FROM data_versions WHERE dataset = 'places' FOR UPDATE;
  waiting := ARRAY(SELECT k FROM place_cells
    WHERE z = 4 AND n >= 200 AND k NOT IN (SELECT block FROM place_blocks) ORDER BY n DESC LIMIT at_most);
  FOREACH waiting_block IN ARRAY waiting LOOP
    PERFORM refresh_place_bits(waiting_block, 2147483647);
  END LOOP;
  RETURN cardinality(waiting);
END $$;
COMMENT ON FUNCTION refresh_place_bits(integer) IS 'Writes the bits of at most so many blocks that wait for them; returns how many. Writers wait meanwhile: a few blocks at a time.';

CREATE FUNCTION rebuild_place_cells() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM data_versions WHERE dataset = 'places' FOR UPDATE;
  DELETE FROM place_changes;
  DELETE FROM place_cells;
  DELETE FROM place_blocks;
  DELETE FROM place_bits;
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
  PERFORM refresh_place_bits(2147483647);
END $$;
COMMENT ON FUNCTION rebuild_place_cells() IS 'Computes everything again from places: after a load with the triggers off.';
REVOKE EXECUTE ON FUNCTION rebuild_place_cells(), refresh_place_bits(integer), refresh_place_bits(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rebuild_place_cells(), refresh_place_bits(integer) TO geoservice_app;
"""

# Neighbours share their borders point for point. The borders are cut into lines where three
# territories meet, all lines are simplified together (none may cross another), and territories are
# put together again from them: no gap opens. PostGIS 3.4 has ST_CoverageSimplify for this.
OUTLINES = """
CREATE TABLE territory_outlines (
  detail smallint NOT NULL,
  type text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  outline geometry(MultiPolygon, 3857) NOT NULL,
  CONSTRAINT pk_territory_outlines PRIMARY KEY (detail, type, code)
);
COMMENT ON COLUMN territory_outlines.detail IS '0 for zooms up to 5, 1 for zooms 6 and 7, 2 from zoom 8: as precise as they were given.';
CREATE INDEX ix_territory_outlines_outline ON territory_outlines USING gist (outline);

CREATE TABLE territory_names (
  type text NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  population integer NOT NULL,
  point geometry(Point, 3857) NOT NULL,
  CONSTRAINT pk_territory_names PRIMARY KEY (type, code)
);
COMMENT ON TABLE territory_names IS 'Where maps write the names of inhabited communes.';
CREATE INDEX ix_territory_names_point ON territory_names USING gist (point);

CREATE FUNCTION simplified_territories(wanted_type text, tolerance_m double precision)
RETURNS TABLE (code text, outline geometry)
LANGUAGE sql STABLE SET search_path = public, pg_temp
BEGIN ATOMIC
  WITH side AS (
    SELECT territory.code, CASE WHEN ST_StartPoint(geom) < ST_EndPoint(geom) THEN geom ELSE ST_Reverse(geom) END AS line
    FROM territories territory, ST_DumpSegments(ST_Transform(territory.outline, 3857))
    WHERE type = wanted_type
  ), border AS (
    SELECT line, array_agg(side.code) AS codes FROM side GROUP BY line
  ), merged AS MATERIALIZED (
    SELECT ST_LineMerge(ST_Collect(line)) AS lines FROM border
  ), arc AS (
    SELECT path[1] AS rank, CASE WHEN ST_PointN(geom, 1) < ST_PointN(geom, 2)
      THEN ST_MakeLine(ST_PointN(geom, 1), ST_PointN(geom, 2))
      ELSE ST_MakeLine(ST_PointN(geom, 2), ST_PointN(geom, 1)) END AS first_line
    FROM merged, ST_Dump(lines)
  ), simple AS (
    SELECT path[1] AS rank, geom AS line
    FROM merged, ST_Dump(ST_SimplifyPreserveTopology(lines, tolerance_m))
  )
  SELECT each_code, ST_BuildArea(ST_Collect(simple.line))
  FROM simple JOIN arc USING (rank) JOIN border ON border.line = arc.first_line,
    unnest(border.codes) AS each_code
  GROUP BY each_code;
END;

CREATE FUNCTION refresh_territory_outlines() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM territory_outlines;
  INSERT INTO territory_outlines
    SELECT detail, wanted.type, code, territories.name, ST_Multi(simple.outline)
    FROM (VALUES (0, 1000, 'region'), (0, 1000, 'departement'), (1, 250, 'region'),
        (1, 250, 'departement'), (1, 250, 'epci')) AS wanted (detail, tolerance_m, type),
      simplified_territories(wanted.type, wanted.tolerance_m) AS simple
      JOIN territories USING (code)
    WHERE territories.type = wanted.type AND simple.outline IS NOT NULL
    UNION ALL
    SELECT 2, type, code, name, ST_Multi(ST_Transform(outline, 3857)) FROM territories;
  DELETE FROM territory_names;
  INSERT INTO territory_names
    SELECT type, code, name, population, ST_Transform(point, 3857) FROM territories
    WHERE type = 'commune' AND population IS NOT NULL;
END $$;
COMMENT ON FUNCTION refresh_territory_outlines() IS 'To call at the end of every load of territories, in its transaction.';
REVOKE EXECUTE ON FUNCTION refresh_territory_outlines(), simplified_territories(text, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_territory_outlines() TO geoservice_app;

CREATE VIEW public_view.territory_outlines AS SELECT * FROM territory_outlines;
CREATE VIEW public_view.territory_names AS SELECT * FROM territory_names;
GRANT SELECT ON public_view.territory_outlines, public_view.territory_names TO geoservice_app, geoservice_public;
"""


def upgrade() -> None:
    for statements in (KIND, TABLES, COLLECT, REFRESH, APPLY, OUTLINES):
        op.execute(statements)
    op.execute("SELECT rebuild_place_cells()")
    op.execute("SELECT refresh_territory_outlines()")


def downgrade() -> None:
    op.execute("DROP VIEW public_view.territory_outlines, public_view.territory_names")
    op.execute("DROP FUNCTION refresh_territory_outlines, simplified_territories")
    op.execute("DROP TABLE territory_outlines, territory_names")
    op.execute("DROP TRIGGER apply_place_changes ON changed_datasets")
    for event in ("inserted", "updated", "deleted", "truncated"):
        op.execute(f"DROP TRIGGER collect_{event} ON places")
    op.execute(
        "DROP VIEW public_view.place_pins, public_view.place_cells, public_view.place_blocks,"
        " public_view.place_bits"
    )
    op.execute(
        "DROP FUNCTION apply_place_changes, collect_place_changes, rebuild_place_cells,"
        " refresh_place_bits(integer), refresh_place_bits(bigint, integer), place_kind"
    )
    op.execute("DROP TABLE place_cells, place_blocks, place_bits, place_changes")
