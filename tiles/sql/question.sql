-- The places of a question, by cells of zoom 8: what its tiles of zooms 0 to 8 are added up from.
-- Needs `pins` (a CTE): the places asked for.
-- Rows in the order of k: cell of zoom 8 (its Morton number), how many places, sum of their x31, of
-- their y31, and the id of the first.
SELECT qk >> 38 AS k, count(*), sum(x31), sum(y31), min(id) FROM pins GROUP BY k ORDER BY k
