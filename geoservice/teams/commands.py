"""`geoservice teams`: what the administrator of the machine may do, with a trace in the history."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Annotated, Any, TypeVar

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy import NullPool, Row
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from geoservice.auth.queries import open_account
from geoservice.db import schema
from geoservice.db import server as servers
from geoservice.mail.message import WrongAddress, read_address
from geoservice.settings import Settings
from geoservice.teams import actions, naming, queries
from geoservice.teams.roles import BY_SLUG
from geoservice.web.problems import Problem

app = typer.Typer(
    help="Les équipes : les lister, leur donner un territoire, en confier une à quelqu’un.",
    no_args_is_help=True,
)

errors = Console(stderr=True, highlight=False, soft_wrap=True)
said = Console(highlight=False, soft_wrap=True)

Code = Annotated[str, typer.Argument(help="Code de l’équipe : la fin de son adresse.")]
Json = Annotated[bool, typer.Option("--json", help="Répondre en JSON, pour une machine.")]


T = TypeVar("T")


class Refused(Exception):
    """Why the command did nothing, in French."""


@contextlib.asynccontextmanager
async def transaction(server: servers.Server) -> AsyncGenerator[AsyncConnection]:
    """As the role of signed-in pages."""
    engine = create_async_engine(server.app, poolclass=NullPool, hide_parameters=True)
    try:
        async with engine.begin() as db:
            yield db
    finally:
        await engine.dispose()


def run(work: Callable[[AsyncConnection], Coroutine[Any, Any, T]]) -> T:
    """The work, in one transaction, on the database brought up to date."""
    with servers.running(Settings.read()) as server:
        schema.migrate(server)

        async def within() -> T:
            async with transaction(server) as db:
                return await work(db)

        try:
            return asyncio.run(within())
        except (Refused, Problem) as refusal:
            errors.print(escape(str(refusal)), style="bold red")
            raise typer.Exit(1) from None


def tell(result: object, sentence: str, *, json: bool) -> None:
    if json:
        sys.stdout.write(orjson.dumps(result).decode() + "\n")
    else:
        said.print(escape(sentence))


async def _team(db: AsyncConnection, code: str) -> Row[Any]:
    team = (await db.execute(queries.TEAM, {"code": code.strip().upper()})).one_or_none()
    if team is None:
        raise Refused(f"Aucune équipe ouverte n’a le code {code}. Voir : geoservice teams list")
    return team


async def _account(db: AsyncConnection, mail: str) -> Row[Any]:
    try:
        known = read_address(mail)
    except WrongAddress:
        raise Refused(f"« {mail} » n’est pas une adresse électronique.") from None
    account = (await db.execute(open_account(known))).one_or_none()
    if account is None:
        raise Refused(
            f"Aucun compte ouvert n’a l’adresse {known}. "
            f"Créez-le : geoservice accounts create {known} --role member"
        )
    return account


@app.command("list")
def list_teams(json: Json = False) -> None:
    """Lister les équipes, et dire celles dont plus personne n’est responsable."""

    async def work(db: AsyncConnection) -> list[dict[str, Any]]:
        return [dict(row) for row in (await db.execute(queries.ALL)).mappings()]

    teams = run(work)
    if json:
        tell(teams, "", json=True)
        return
    for team in teams:
        orphan = "" if team["owners"] else "  plus personne n’en est responsable"
        tell(
            None,
            f"{team['code']}  {team['name']}  {team['territories'] or 'sans territoire'}"
            f"  {team['members']} {'personne' if team['members'] < 2 else 'personnes'}{orphan}",
            json=False,
        )
    if not teams:
        tell(None, "Aucune équipe. On en crée une sur la page /equipes.", json=False)


@app.command("give")
def give(
    code: Code,
    territory: Annotated[str, typer.Argument(help="Par exemple « departement:04 ».")],
    json: Json = False,
) -> None:
    """Donner un territoire à une équipe : celui qu’elle a demandé, ou un autre."""

    async def work(db: AsyncConnection) -> tuple[str, str]:
        team = await _team(db, code)
        type_, _, named = territory.partition(":")
        found = await naming.exactly(db, type_, named.upper())
        if found is None:
            raise Refused(f"Le territoire « {territory} » n’existe pas, ou n’est pas chargé.")
        asked = {"team": team.id, "type": found.type, "code": found.code}
        if (await db.execute(queries.ASKED, asked)).one_or_none() is None:
            await actions.ask_territory(
                db, team.id, None, found.type, found.code, found.label, may_give=True
            )
        else:
            await actions.decide_territory(
                db, team.id, None, found.type, found.code, found.label, accepted=True
            )
        return team.name, found.label

    name, label = run(work)
    tell({"team": name, "territory": territory}, f"{name} s’occupe de {label}.", json=json)


@app.command("recover")
def recover(
    code: Code,
    to: Annotated[str, typer.Option("--to", help="Adresse du compte à qui l’équipe est confiée.")],
    reason: Annotated[
        str, typer.Option("--reason", help="Pourquoi : écrit dans l’histoire de l’équipe.")
    ],
    role: Annotated[
        str, typer.Option(help="Son rôle : " + ", ".join(BY_SLUG) + ".")
    ] = "coordination-hors-dispositif",
    instead_of: Annotated[
        str, typer.Option("--instead-of", help="Adresse de qui a disparu, et quitte l’équipe.")
    ] = "",
    json: Json = False,
) -> None:
    """Confier une équipe à quelqu’un, quand sa coordination a disparu. Tout le reste y demeure."""
    choice = BY_SLUG.get(role)
    if choice is None:
        errors.print(f"« {role} » n’est pas un rôle : {', '.join(BY_SLUG)}.", style="bold red")
        raise typer.Exit(1)
    if not reason.strip():
        errors.print("Écrivez la raison : l’équipe la lira.", style="bold red")
        raise typer.Exit(1)

    async def work(db: AsyncConnection) -> tuple[str, str]:
        team = await _team(db, code)
        account = await _account(db, to)
        gone = (await _account(db, instead_of)).id if instead_of else None
        await actions.recover(db, team.id, account.id, choice, reason.strip(), instead_of=gone)
        return team.name, account.mail

    name, mail = run(work)
    tell({"team": name, "to": mail}, f"{name} est confiée à {mail}.", json=json)
