"""What stops an import, before anything is written."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoservice.imports.report import Report


class ImportProblem(Exception):
    """Why nothing was imported, in French, with what to do."""

    report: "Report | None" = None
    """What had been read when it stopped."""
