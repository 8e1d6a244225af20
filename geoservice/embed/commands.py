"""`geoservice embeds`: give a saved map to somebody, when nobody can change it any more."""

import sys
from typing import Annotated

import orjson
import typer
from rich.markup import escape
from sqlalchemy import text, update

from geoservice.auth.commands import Json, address, refuse, said, transaction
from geoservice.embed.model import Embed
from geoservice.settings import Settings

app = typer.Typer(
    help="Les cartes enregistrées pour d’autres sites : les lister, en rendre une à quelqu’un.",
    no_args_is_help=True,
)

EVERY = text(
    """
    SELECT embed.key, embed.name, embed.hosts,
      CASE WHEN embed.team_id IS NOT NULL THEN 'équipe ' || team.code
        ELSE coalesce(embed.mail, nullif(account.mail, '')) END AS owner,
      coalesce(account.closed_at, team.closed_at) IS NOT NULL AS is_left
    FROM embeds embed LEFT JOIN accounts account ON account.id = embed.account_id
    LEFT JOIN teams team ON team.id = embed.team_id
    ORDER BY is_left DESC, embed.made_at DESC, embed.id DESC LIMIT 10000
    """
)


@app.command("list")
def show(json: Json = False) -> None:
    """Les cartes enregistrées, celles que plus personne ne change d’abord."""
    with transaction(Settings.read()) as db:
        rows = db.execute(EVERY).mappings().all()
    if json:
        sys.stdout.write(orjson.dumps([dict(row) for row in rows]).decode() + "\n")
        return
    for row in rows:
        owner = row["owner"] or "compte effacé"
        left = " (fermé)" if row["is_left"] and row["owner"] else ""
        said.print(escape(f"{row['key']}  {owner}{left}  {row['name']}"))


@app.command()
def give(
    key: Annotated[str, typer.Argument(help="Clé de la carte : dans le code de son site.")],
    to: Annotated[str, typer.Option("--to", help="Adresse électronique de qui la reprend.")],
    json: Json = False,
) -> None:
    """Rendre une carte à quelqu’un, qui la retrouve ensuite sur /integrer/retrouver.

    Vérifiez d’abord que cette personne tient le site qui la montre.
    """
    mail = address(to)
    theirs = {"mail": mail, "account_id": None, "team_id": None}
    with transaction(Settings.read()) as db:
        given = update(Embed).where(Embed.key == key.strip()).values(theirs)
        if not db.execute(given).rowcount:
            raise refuse(f"Aucune carte enregistrée n’a la clé « {key} ».")
    if json:
        sys.stdout.write(orjson.dumps({"key": key.strip(), "mail": mail}).decode() + "\n")
    else:
        said.print(escape(f"La carte {key.strip()} est à {mail}."))
