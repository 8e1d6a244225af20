"""What the operating system says of files and ports, in French: its own words are English."""

import errno

REASONS = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.EACCES: "l’accès est refusé",
    errno.EPERM: "l’accès est refusé",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOENT: "le dossier ou le fichier n’existe pas",
    errno.ENOTDIR: "ce n’est pas un dossier",
    errno.EISDIR: "c’est un dossier",
    errno.EEXIST: "ce nom est déjà pris",
    errno.ENAMETOOLONG: "le nom est trop long",
    errno.EIO: "le disque ne répond pas bien",
    errno.EMFILE: "trop de fichiers sont ouverts",
    errno.ENFILE: "trop de fichiers sont ouverts",
    errno.ENOMEM: "la mémoire manque",
    errno.EADDRINUSE: "le port est déjà utilisé",
    errno.EADDRNOTAVAIL: "cette adresse n’est pas celle de cette machine",
}


def reason(error: OSError) -> str:
    """Why the system refused: «le disque est plein»."""
    return REASONS.get(error.errno or 0, f"erreur {error.errno} du système")
