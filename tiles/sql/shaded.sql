-- A tile of territories shaded by how far one lives there from a place.
-- :z, :x, :y     the tile, y counted from the north
-- :detail        0, 1 or 2: which precision of territory_outlines
-- :type          of the territories
-- :codes         text[]: those to show
-- :population, :places, :metres, :metres_then, :shades   arrays, one item for each code
-- Needs the view territory_outlines.
-- One row, one column: the layer `couverture` (bytea), empty when nothing is in the tile.
-- A NULL is a property that is left out.
WITH told AS (
  SELECT * FROM unnest(
    :codes::text[], :population::integer[], :places::integer[], :metres::integer[],
    :metres_then::integer[], :shades::smallint[]
  ) AS t (code, population, lieux, distance_m, distance_avec_ajout_m, classe)
), shape AS (
  SELECT type, code, name AS nom, population, lieux, distance_m, distance_avec_ajout_m, classe,
    ST_AsMVTGeom(outline, ST_TileEnvelope(:z::integer, :x::integer, :y::integer), 4096, 64) AS outline
  FROM told JOIN public_view.territory_outlines AS territory USING (code)
  WHERE detail = :detail::smallint AND type = :type::text
  ORDER BY code
)
SELECT ST_AsMVT(shape, 'couverture', 4096, 'outline') FROM shape WHERE outline IS NOT NULL
