-- A tile of clusters of some places, counted one by one.
-- :z                       zoom
-- :first_key, :last_key    the Morton numbers of the tile
-- Needs `pins` (a CTE): the places asked for.
-- One row, one column: the layer `lieux` (bytea), as in cells.sql.
, cell AS (
  SELECT count(*) AS n, sum(x31) / count(*) AS x31, sum(y31) / count(*) AS y31,
    CASE WHEN count(*) = 1 THEN min(id) END AS place_id
  FROM pins WHERE qk BETWEEN :first_key::bigint AND :last_key::bigint
  -- 16 × 16 cells to a tile
  GROUP BY qk >> 2 * (27 - :z::integer) ORDER BY qk >> 2 * (27 - :z::integer)
), feature AS (
  SELECT nullif(n, 1) AS nombre, place.public_id AS id, place.kind AS famille,
    ST_MakePoint((cell.x31 << :z::integer) >> 19 & 4095, (cell.y31 << :z::integer) >> 19 & 4095) AS at
  FROM cell LEFT JOIN LATERAL (
    -- LIMIT makes it one look-up per lone place, whatever the planner thinks of their number
    SELECT public_id, kind FROM public_view.place_pins WHERE id = cell.place_id LIMIT 1
  ) AS place ON true
)
SELECT ST_AsMVT(feature, 'lieux', 4096, 'at') FROM feature
