-- A tile of clusters of all the places, from the pyramid.
-- :z                        zoom, 0 to 13
-- :first_cell, :last_cell   the 256 cells of the tile
-- Needs the views place_cells and place_pins.
-- One row, one column: the layer `lieux` (bytea), empty when no place is in the tile.
-- A feature with `nombre` stands for so many places; without it, it is one place.
WITH cell AS (
  SELECT n, sum_x / n AS x31, sum_y / n AS y31, CASE WHEN n = 1 THEN sum_id::integer END AS place_id
  FROM public_view.place_cells
  WHERE z = :z::integer AND k BETWEEN :first_cell::bigint AND :last_cell::bigint
  ORDER BY k
), feature AS (
  SELECT nullif(n, 1) AS nombre, place.public_id AS id, place.kind AS famille,
    -- the position in 4096ths of the tile's side
    ST_MakePoint((cell.x31 << :z::integer) >> 19 & 4095, (cell.y31 << :z::integer) >> 19 & 4095) AS at
  FROM cell LEFT JOIN LATERAL (
    -- LIMIT makes it one look-up per lone place, whatever the planner thinks of their number
    SELECT public_id, kind FROM public_view.place_pins WHERE id = cell.place_id LIMIT 1
  ) AS place ON true
)
SELECT ST_AsMVT(feature, 'lieux', 4096, 'at') FROM feature
