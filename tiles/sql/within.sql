-- Which territories of a type a tile shows.
-- :z, :x, :y   the tile, y counted from the north
-- :detail      0, 1 or 2: which precision of territory_outlines
-- :type        of the territories
-- Needs the view territory_outlines.
-- One row, one column: their codes, a space between two (text); NULL when there are none.
SELECT string_agg(code, ' ')
FROM public_view.territory_outlines
WHERE outline && ST_TileEnvelope(:z::integer, :x::integer, :y::integer, margin => 64.0 / 4096)
  AND detail = :detail::smallint AND type = :type::text
