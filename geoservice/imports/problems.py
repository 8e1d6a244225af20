"""What stops an import, before anything is written; and what the system says, in French."""

import errno
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoservice.imports.report import Report


class ImportProblem(Exception):
    """Why nothing was imported, in French, with what to do."""

    report: "Report | None" = None
    """What had been read when it stopped."""


REASONS = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOENT: "le dossier ou le fichier n’existe pas",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EISDIR: "c’est un dossier",
    errno.ENAMETOOLONG: "le nom est trop long",
}


def reason(error: OSError) -> str:
    """Why the system refused a file: its own words are English."""
    return REASONS.get(error.errno or 0, f"erreur {error.errno} du système")
