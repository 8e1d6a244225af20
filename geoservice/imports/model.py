"""What each import brought, or why it was refused: one row per run, trials apart."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base


class ImportRun(Base):
    __tablename__ = "import_runs"
    __table_args__ = (Index("ix_import_runs_source", "source", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    source: Mapped[str]
    """Its name; `sources` does not have it when nothing of it was ever imported."""
    origin: Mapped[str]
    """Name of the file, or address without its secrets."""
    finished_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), server_default="now()")
    row_count: Mapped[int]
    """Rows read, rejected ones included: what the next run is compared with."""
    columns: Mapped[list[str]]
    """As the source named them: the next run stops when one that the mapping reads is gone."""
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    """See `places.actions.Changes`, plus `rejected` and `cleaned`."""
    details: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    """The first lines of the report, see `report.Report.details`."""
    refusal: Mapped[str | None]
    """Why nothing was imported, in French; None when it was."""
