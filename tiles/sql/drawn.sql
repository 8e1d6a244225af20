-- A tile of clusters that are counted already.
-- :z                 zoom
-- :n, :x31, :y31     arrays, one item for each cluster: how many places, and where
-- :ids               the id of the place where a cluster is a lone one; NULL elsewhere
-- Needs the view place_pins.
-- One row, one column: the layer `lieux` (bytea), as in cells.sql.
WITH cell AS (
  SELECT * FROM unnest(:n::integer[], :x31::bigint[], :y31::bigint[], :ids::integer[]) AS c (n, x31, y31, place_id)
), feature AS (
  SELECT nullif(n, 1) AS nombre, place.public_id AS id, place.kind AS famille,
    ST_MakePoint((cell.x31 << :z::integer) >> 19 & 4095, (cell.y31 << :z::integer) >> 19 & 4095) AS at
  FROM cell LEFT JOIN LATERAL (
    SELECT public_id, kind FROM public_view.place_pins WHERE id = cell.place_id LIMIT 1
  ) AS place ON true
)
SELECT ST_AsMVT(feature, 'lieux', 4096, 'at') FROM feature
