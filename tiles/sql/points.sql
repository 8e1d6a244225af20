-- A tile of places, each with its name: for the zooms where there is room for names.
-- :z                       zoom, 14 and more
-- :first_key, :last_key    the Morton numbers of the tile
-- Needs `pins` (a CTE): the places asked for.
-- One row, one column: the layer `lieux` (bytea), empty when no place is in the tile.
, feature AS (
  SELECT public_id AS id, kind AS famille, name AS nom,
    ST_MakePoint((x31::bigint << :z::integer) >> 19 & 4095, (y31::bigint << :z::integer) >> 19 & 4095) AS at
  FROM pins WHERE qk BETWEEN :first_key::bigint AND :last_key::bigint
  ORDER BY qk, pins.id
)
SELECT ST_AsMVT(feature, 'lieux', 4096, 'at') FROM feature
