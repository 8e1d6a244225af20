-- A tile of the outlines of territories, and of the names of communes.
-- :z, :x, :y     the tile, y counted from the north
-- :detail        0, 1 or 2: which precision of territory_outlines
-- :types         text[]: the types of territories to outline
-- :population    names of communes with at least so many inhabitants; NULL for none
-- Needs the views territory_outlines and territory_names.
-- One row, one column: the layers `territoires` and `noms` (bytea), empty when nothing is in the tile.
WITH tile AS (
  SELECT ST_TileEnvelope(:z::integer, :x::integer, :y::integer) AS square,
    -- 64 of the 4096 units of a side, so that no line is drawn along the edge
    ST_TileEnvelope(:z::integer, :x::integer, :y::integer, margin => 64.0 / 4096) AS reach
), shape AS (
  SELECT type, code, name AS nom, ST_AsMVTGeom(outline, square, 4096, 64) AS outline
  FROM tile, public_view.territory_outlines AS territory
  WHERE territory.outline && reach AND detail = :detail::smallint AND type = ANY (:types::text[])
  ORDER BY type, code
), label AS (
  SELECT type, code, name AS nom, population, ST_AsMVTGeom(point, square, 4096, 0) AS at
  FROM tile, public_view.territory_names AS territory
  WHERE territory.point && square AND population >= :population::integer
  ORDER BY population DESC, code
)
SELECT coalesce((SELECT ST_AsMVT(shape, 'territoires', 4096, 'outline') FROM shape WHERE outline IS NOT NULL), '')
  || coalesce((SELECT ST_AsMVT(label, 'noms', 4096, 'at') FROM label WHERE at IS NOT NULL), '')
