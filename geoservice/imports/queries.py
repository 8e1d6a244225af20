"""What past imports brought, source by source and one by one."""

from sqlalchemy import text

RUNS_SHOWN = 100

SOURCES = text(
    """
    SELECT name, title, last.id AS run, last.finished_at, last.counts,
      (SELECT count(*) FROM source_records WHERE source = name AND withdrawn_at IS NULL) AS listed
    FROM sources
    LEFT JOIN LATERAL (
      SELECT id, finished_at, counts FROM import_runs WHERE source = name AND refusal IS NULL
      ORDER BY id DESC LIMIT 1
    ) last ON true
    ORDER BY last.finished_at DESC NULLS LAST, title
    """
)
LATEST_RUNS = text(
    f"""
    SELECT run.id, coalesce(title, source) AS title, origin, finished_at, row_count, counts, refusal
    FROM import_runs run LEFT JOIN sources ON name = source ORDER BY run.id DESC LIMIT {RUNS_SHOWN}
    """  # noqa: S608 - our own constant
)
RUN = text(
    """
    SELECT run.id, coalesce(title, source) AS title, origin, finished_at, row_count, counts, refusal,
      details
    FROM import_runs run LEFT JOIN sources ON name = source WHERE run.id = :id
    """
)
