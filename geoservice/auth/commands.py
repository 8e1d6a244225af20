"""`geoservice accounts`: the first accounts, and the door that needs no mail server."""

import contextlib
import sys
from collections.abc import Generator
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy import Connection, NullPool, Row, create_engine, insert

from geoservice.auth import queries
from geoservice.auth.actions import close_account, erase_account
from geoservice.auth.jobs import link_for_any_browser
from geoservice.auth.model import IN_FRENCH, Account, Role
from geoservice.auth.paths import HOME
from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.mail.message import WrongAddress, read_address
from geoservice.settings import Settings

app = typer.Typer(
    help="Les comptes : en créer, les lister, les fermer, les effacer.", no_args_is_help=True
)

errors = Console(stderr=True, highlight=False, soft_wrap=True)
said = Console(highlight=False, soft_wrap=True)

Mail = Annotated[str, typer.Argument(help="Adresse électronique du compte.")]
Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")]


def refuse(sentence: str) -> typer.Exit:
    errors.print(escape(sentence), style="bold red")
    return typer.Exit(1)


@contextlib.contextmanager
def transaction(settings: Settings) -> Generator[Connection]:
    """On the database brought up to date, as the role of signed-in pages."""
    with servers.running(settings) as server:
        schema.migrate(server)
        engine = create_engine(server.app, poolclass=NullPool, hide_parameters=True)
        try:
            with engine.begin() as db:
                yield db
        finally:
            engine.dispose()


def address(mail: str) -> str:
    try:
        return read_address(mail)
    except WrongAddress:
        raise refuse(f"« {mail} » n’est pas une adresse électronique.") from None


def find(db: Connection, mail: str) -> Row[Any]:
    found = db.execute(queries.open_account(address(mail))).one_or_none()
    if found is None:
        raise refuse(f"Aucun compte ouvert n’a l’adresse {mail}.")
    return found


def tell(result: object, sentence: str, *, json: bool) -> None:
    if json:
        sys.stdout.write(orjson.dumps(result).decode() + "\n")
    else:
        said.print(escape(sentence))


@app.command("create")
def create(
    mail: Mail,
    role: Annotated[
        list[Role], typer.Option(help="Ce que le compte permet ; à répéter pour plusieurs.")
    ],
    name: Annotated[str, typer.Option(help="Nom affiché. Absent : l’adresse.")] = "",
    json: Json = False,
) -> None:
    """Créer un compte. La personne se connecte ensuite avec un lien reçu par message."""
    with transaction(Settings.read()) as db:
        known = address(mail)
        if db.execute(queries.open_account(known)).one_or_none() is not None:
            raise refuse(f"Un compte ouvert a déjà l’adresse {known}.")
        roles = [each.value for each in Role if each in role]
        values = {"mail": known, "name": " ".join(name.split()) or known, "roles": roles}
        id_ = db.scalar(insert(Account).values(values).returning(Account.id))
    tell(
        {"id": id_, **values},
        f"Le compte de {known} est créé ({', '.join(IN_FRENCH[each] for each in Role if each in role)}).",
        json=json,
    )


@app.command("list")
def list_accounts(json: Json = False) -> None:
    """Lister les comptes, ouverts puis fermés."""
    with transaction(Settings.read()) as db:
        rows = db.execute(queries.every_account()).mappings().all()
    if json:
        tell([dict(row) for row in rows], "", json=True)
        return
    for row in rows:
        state = f"fermé le {row['closed_at']:%d/%m/%Y}" if row["closed_at"] else "ouvert"
        tell(
            None,
            f"{row['id']:>5}  {row['mail']}  {row['name']}  {', '.join(row['roles'])}  {state}",
            json=False,
        )
    if not rows:
        tell(
            None,
            "Aucun compte. Créez le premier : geoservice accounts create ADRESSE --role administrator",
            json=False,
        )


@app.command("close")
def close(mail: Mail, json: Json = False) -> None:
    """Fermer un compte : ses sessions et ses liens ne valent plus rien, tout de suite."""
    with transaction(Settings.read()) as db:
        account = find(db, mail)
        for statement in close_account(account.id):
            db.execute(statement)
    tell({"id": account.id}, f"Le compte de {account.mail} est fermé.", json=json)


@app.command("erase")
def erase(mail: Mail, json: Json = False) -> None:
    """Effacer un compte : son adresse, son nom, ses sessions et ses liens. Ne se défait pas."""
    with transaction(Settings.read()) as db:
        account = find(db, mail)
        erase_account(db, account.id)
    tell({"id": account.id}, f"Le compte de {account.mail} est effacé.", json=json)


@app.command("link")
def link(mail: Mail, json: Json = False) -> None:
    """Afficher un lien de connexion : il sert une seule fois, pendant 15 minutes."""
    settings = Settings.read()
    with transaction(settings) as db:
        account = find(db, mail)
        path = link_for_any_browser(db, account.id, HOME)
    url = settings.site + path
    tell({"link": url}, url, json=json)
