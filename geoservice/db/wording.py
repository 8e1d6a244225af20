"""What PostgreSQL refuses, in French: its own words are English, or the language of its machine."""

import psycopg
from sqlalchemy.exc import DBAPIError

DISK_FULL = "Le disque de la base est plein. Libérez de la place, puis recommencez : rien n’a été écrit à moitié."
NO_RIGHT = (
    "PostgreSQL refuse cette opération à l’utilisateur de GEOSERVICE_DATABASE_URL. Il doit "
    "posséder la base, et pouvoir créer l’extension postgis et les rôles geoservice_app et "
    "geoservice_public, ou les trouver déjà là (docs/settings.md)."
)
LOST = (
    "La connexion à PostgreSQL est perdue. Vérifiez que le serveur est démarré, puis recommencez : "
    "rien n’a été écrit à moitié."
)
TOO_LONG = "PostgreSQL a mis trop longtemps. Recommencez quand il est moins occupé."

CONNECTING = {
    "password authentication failed": "le mot de passe, ou le nom de l’utilisateur, est refusé",
    "no password supplied": "il faut un mot de passe",
    "no pg_hba.conf entry": "le serveur n’accepte pas cet utilisateur depuis cette machine (pg_hba.conf)",
    "Peer authentication failed": "le serveur n’accepte pas cet utilisateur depuis cette machine (pg_hba.conf)",
    "Connection refused": "aucun serveur ne répond à cette adresse et à ce port",
    "No such file or directory": "aucun serveur ne répond à cette adresse et à ce port",
    "could not translate host name": "le nom de la machine n’existe pas",
    "failed to resolve host": "le nom de la machine n’existe pas",
    "timeout expired": "la machine ne répond pas",
    "Network is unreachable": "la machine ne répond pas",
    "No route to host": "la machine ne répond pas",
    "too many clients": "le serveur a trop de connexions ouvertes",
    "too many connections": "le serveur a trop de connexions ouvertes",
    "remaining connection slots": "le serveur a trop de connexions ouvertes",
    "the database system is starting up": "le serveur démarre : recommencez dans une minute",
    "the database system is shutting down": "le serveur s’arrête",
    "SSL": "la liaison chiffrée (TLS) n’a pas pu s’établir",
}
"""Why a connection did not open, by words of libpq or of the server."""


def why_not_connected(error: psycopg.OperationalError) -> str:
    said = str(error)
    if "does not exist" in said:
        return (
            "la base n’existe pas : créez-la"
            if 'database "' in said
            else "l’utilisateur n’existe pas"
        )
    for words, french in CONNECTING.items():
        if words in said:
            return french
    return f"le serveur répond « {said.splitlines()[-1]} »"


def in_french(error: Exception) -> str | None:
    """What to tell people of an error of the database; None when it is a bug of ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.errors.DiskFull):
        return DISK_FULL
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return NO_RIGHT
    if isinstance(cause, psycopg.errors.QueryCanceled):
        return TOO_LONG
    if isinstance(cause, psycopg.OperationalError):
        return LOST
    return None
