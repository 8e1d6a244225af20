"""`geoservice links`: make a link by hand, and take in the mails that came back."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer
from rich.console import Console
from sqlalchemy import insert

from geoservice.auth.commands import Json, address, refuse, transaction
from geoservice.jobs.job import TryAgain
from geoservice.links import queries
from geoservice.links.actions import note_bounce
from geoservice.links.bounces import read_bounce
from geoservice.links.jobs import LASTS, issue, replace_older
from geoservice.links.mails import LinkMail
from geoservice.links.model import Link
from geoservice.links.steps import BY_SLUG, STEPS
from geoservice.mail.message import compose
from geoservice.mail.sending import deliver
from geoservice.settings import Settings

app = typer.Typer(
    help="Les liens de mise à jour : en créer, lire les messages revenus.", no_args_is_help=True
)

said = Console(highlight=False, soft_wrap=True)
DAYS_MAX = 365
LARGEST_BYTES = 10 * 1024 * 1024


def _tell(result: dict[str, object], sentence: str, *, json: bool) -> None:
    if json:
        sys.stdout.write(orjson.dumps(result).decode() + "\n")
    else:
        said.print(sentence, markup=False)


@app.command("create")
def create(
    place: Annotated[
        str, typer.Option("--place", help="Identifiant du lieu, à la fin de l’adresse de sa page.")
    ],
    mail: Annotated[
        str, typer.Option(help="Adresse à laquelle l’envoyer. Vide : le lien est affiché.")
    ] = "",
    fields: Annotated[
        str,
        typer.Option(
            help="Ce qu’il permet de changer, séparé par des virgules. Vide : tout. Valeurs : "
            + ", ".join(step.slug for step in STEPS)
        ),
    ] = "",
    days: Annotated[
        int, typer.Option(min=1, max=DAYS_MAX, help="Combien de jours il marche.")
    ] = LASTS.days,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="Publier sans attendre de vérification.")
    ] = False,
    why: Annotated[str, typer.Option(help="Pourquoi ce lien est créé.")] = "",
    json: Json = False,
) -> None:
    """Créer un lien qui met un lieu à jour. Il remplace ceux que la même adresse avait pour ce lieu."""
    slugs = [one.strip() for one in fields.split(",") if one.strip()]
    if unknown := [one for one in slugs if one not in BY_SLUG]:
        raise refuse(f"« {unknown[0]} » n’existe pas. Valeurs : {', '.join(BY_SLUG)}.")
    to = address(mail) if mail else None
    settings = Settings.read()
    with transaction(settings) as db:
        row = db.execute(queries.ASKED_PLACE, {"public_id": place}).one_or_none()
        if row is None:
            raise refuse(
                f"Aucun lieu ne s’appelle « {place} » : prenez la fin de l’adresse de sa page."
            )
        made = insert(Link).values(
            place_id=row.id, mail=to, fields=slugs or None, trusted=trusted, why=why or None
        )
        number = db.execute(made.returning(Link.id)).scalar_one()
        link = f"{settings.site}/modifier/{issue(db, number, timedelta(days=days))}"
    if to:
        try:
            refused = deliver(
                settings, compose("mail/place_link.txt", to, LinkMail(row.name, link, days))
            )
        except TryAgain:
            raise refuse("Le serveur de courrier ne répond pas : recommencez plus tard.") from None
        if refused:
            raise refuse(f"Le serveur de courrier refuse l’adresse {to} (code {refused}).")
    with transaction(settings) as db:
        replace_older(db, number)
    told: dict[str, object] = {"place": place, "days": days, "mail": to}
    if to:
        _tell(told, f"Le lien est parti à {to}, pour {days} jours.", json=json)
    else:
        _tell(told | {"link": link}, link, json=json)


@app.command("bounces")
def take_in_bounces(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Messages revenus (.eml), ou dossiers qui en ont ; « - » : l’entrée standard."
        ),
    ],
    json: Json = False,
) -> None:
    """Lire les messages que les serveurs de courrier renvoient, et noter les adresses qui ne marchent plus."""
    read = [one for path in files for one in _messages(path)]
    found = [bounce for raw in read if (bounce := read_bounce(raw))]
    noted = 0
    with transaction(Settings.read()) as db:
        for bounce in found:
            noted += note_bounce(db, bounce.key, bounce.status)
    _tell(
        {"read": len(read), "noted": noted},
        f"Messages lus : {len(read)}. Adresses qui ne marchent plus : {noted}.",
        json=json,
    )


def _messages(path: Path) -> list[bytes]:
    if str(path) == "-":
        return [_whole(sys.stdin.buffer)]
    if path.is_dir():
        return [
            raw for file in sorted(path.rglob("*")) if file.is_file() for raw in _messages(file)
        ]
    try:
        with path.open("rb") as file:
            return [_whole(file)]
    except OSError as error:
        raise refuse(f"{path} ne peut pas être lu : {error.strerror}.") from None


def _whole(file: BinaryIO) -> bytes:
    """What is longer is no notification."""
    return file.read(LARGEST_BYTES)
