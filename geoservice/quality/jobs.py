"""Keeping, each night, how well places are told."""

from sqlalchemy import delete, insert

from geoservice.clock import today
from geoservice.jobs.job import Job, Surroundings
from geoservice.quality import queries
from geoservice.quality.model import QualityMonth


def keep_month(around: Surroundings) -> None:
    """This month, as it is tonight, in place of what was kept of it before."""
    day = today()
    measured = queries.measured(day)
    with around.engine.begin() as db:
        db.execute(delete(QualityMonth).where(QualityMonth.month == day.replace(day=1)))
        columns = [column.name for column in measured.selected_columns]
        db.execute(insert(QualityMonth).from_select(columns, measured))


KEEP_MONTH = Job("quality:keep-month", keep_month, cron="35 2 * * *")
