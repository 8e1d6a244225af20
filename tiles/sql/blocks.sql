-- A tile of clusters of the places that offer something, at the zooms where a tile holds too many
-- places to count them one by one: an AND and a count of bits, block by block.
-- :z                        zoom, 0 to 8: the tile is made of whole blocks (tiles of zoom 8)
-- :first_cell, :last_cell   the 256 cells of the tile
-- :first_block, :last_block its blocks
-- :bits, :groups            smallint[]: the bits wanted; one of each group is enough
-- :one_by_one               a tile of no more places than this is counted one by one: the result
--                           is the same, but lone places are then where they are, with their id
-- Needs `pins` (a CTE): the places asked for; and the views place_cells, place_blocks, place_bits.
-- One row, one column: the layer `lieux` (bytea), as in cells.sql.
, size AS (
  SELECT sum(n) AS n FROM public_view.place_cells
  WHERE z = :z::integer AND k BETWEEN :first_cell::bigint AND :last_cell::bigint
), counted_by_bits AS MATERIALIZED (
  SELECT block FROM public_view.place_blocks
  WHERE block BETWEEN :first_block::bigint AND :last_block::bigint
    AND (SELECT n FROM size) > :one_by_one::integer
), wanted AS (
  SELECT bit, grp FROM unnest(:bits::smallint[], :groups::smallint[]) AS w (bit, grp)
), offering AS (
  SELECT block, grp, bit_or(places) AS places
  FROM public_view.place_bits JOIN wanted USING (bit) JOIN counted_by_bits USING (block)
  GROUP BY block, grp
), matching AS MATERIALIZED (
  SELECT block, bit_and(places) AS places FROM offering
  GROUP BY block HAVING count(*) = (SELECT count(DISTINCT grp) FROM wanted)
), slice AS (
  -- at zooms 0 to 4 a block is whole in a cell; deeper, a cell is a range of the block's bits
  SELECT k, k >> 2 * (greatest(:z::integer, 4) - 4) AS block, n, sum_x / n AS x31, sum_y / n AS y31,
    sum(n) OVER (PARTITION BY k >> 2 * (greatest(:z::integer, 4) - 4) ORDER BY k) - n + 1 AS first_bit
  FROM public_view.place_cells
  WHERE z = greatest(:z::integer, 4)
    AND k BETWEEN :first_cell::bigint << 2 * greatest(4 - :z::integer, 0)
      AND (:last_cell::bigint + 1 << 2 * greatest(4 - :z::integer, 0)) - 1
), counted AS MATERIALIZED (
  SELECT k, x31, y31,
    bit_count(CASE WHEN :z::integer <= 4 THEN places ELSE substring(places FROM first_bit::integer FOR slice.n) END) AS n
  FROM slice JOIN matching USING (block)
), part AS (
  SELECT k >> 2 * greatest(4 - :z::integer, 0) AS k, n, n * x31 AS sum_x, n * y31 AS sum_y, NULL::bigint AS sum_id
  FROM counted WHERE n > 0
  UNION ALL
  SELECT slice.k >> 2 * greatest(4 - :z::integer, 0), place.n, place.sum_x, place.sum_y, place.sum_id
  FROM slice CROSS JOIN LATERAL (
    -- 256 short ranges of the index, each summed: grouping all the rows at once takes twice as long
    SELECT count(*) AS n, sum(x31) AS sum_x, sum(y31) AS sum_y, sum(id) AS sum_id FROM pins
    WHERE qk BETWEEN slice.k << 2 * (27 - greatest(:z::integer, 4))
      AND (slice.k + 1 << 2 * (27 - greatest(:z::integer, 4))) - 1
  ) AS place
  WHERE slice.block NOT IN (SELECT block FROM counted_by_bits) AND place.n > 0
), cell AS (
  SELECT k, sum(n) AS n, (sum(sum_x) / sum(n))::bigint AS x31, (sum(sum_y) / sum(n))::bigint AS y31,
    CASE WHEN sum(n) = 1 THEN sum(sum_id)::integer END AS place_id
  FROM part GROUP BY k ORDER BY k
), feature AS (
  SELECT nullif(n, 1)::integer AS nombre, place.public_id AS id, place.kind AS famille,
    ST_MakePoint((cell.x31 << :z::integer) >> 19 & 4095, (cell.y31 << :z::integer) >> 19 & 4095) AS at
  FROM cell LEFT JOIN LATERAL (
    -- LIMIT makes it one look-up per lone place, whatever the planner thinks of their number
    SELECT public_id, kind FROM public_view.place_pins WHERE id = cell.place_id LIMIT 1
  ) AS place ON true
)
SELECT ST_AsMVT(feature, 'lieux', 4096, 'at') FROM feature
