"""What stops an import, before anything is written."""


class ImportProblem(Exception):
    """Why nothing was imported, in French, with what to do."""
