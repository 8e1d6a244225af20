"""The nightly search for places that are one, and what follows a decision."""

from geoservice.duplicates import actions
from geoservice.jobs.job import Job, Surroundings


def search(around: Surroundings) -> None:
    with around.engine.begin() as db:
        actions.run(db)


def regroup(around: Surroundings) -> None:
    with around.engine.begin() as db:
        actions.regroup(db)


SEARCH = Job("duplicates:search", search, cron="45 1 * * *")
"""After the imports of the evening."""
REGROUP = Job("duplicates:regroup", regroup)
