"""`geoservice accounts`: the first account needs a terminal and nothing else."""

from collections.abc import Callable

import orjson
import pytest
from typer.testing import CliRunner, Result

from geoservice.auth.commands import app
from geoservice.db.server import Server
from tests.auth.conftest import Site, confirm

Command = Callable[..., Result]


@pytest.fixture
def run(service: Site, monkeypatch: pytest.MonkeyPatch) -> Command:
    address = service.base.owner.render_as_string(hide_password=False)
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", address)
    monkeypatch.setenv("GEOSERVICE_PUBLIC_URL", service.settings.site)
    runner = CliRunner()

    def run(*words: str) -> Result:
        return runner.invoke(app, list(words))

    return run


def test_the_first_administrator_signs_in_from_the_terminal(service: Site, run: Command) -> None:
    run("create", "Awa@exemple.fr", "--role", "administrator", "--name", "Awa")
    url = run("link", "awa@exemple.fr").stdout.strip()
    assert url.startswith("http://carte.exemple.fr/connexion/lien?cle=")
    visitor = service.visitor()

    answer = confirm(visitor, url.removeprefix("http://carte.exemple.fr"))

    assert answer.status_code == 303
    assert "administration du service" in visitor.get("/moi").text


def test_the_link_of_the_terminal_serves_once(service: Site, run: Command) -> None:
    service.account()
    path = run("link", "awa@exemple.fr").stdout.strip().removeprefix("http://carte.exemple.fr")
    confirm(service.visitor(), path)

    assert service.visitor().get(path).status_code == 410


def test_accounts_are_listed_for_people_and_for_machines(service: Site, run: Command) -> None:
    service.account("awa@exemple.fr", "coordinator", "member")
    service.account("ancienne@exemple.fr", closed=True)

    listed = orjson.loads(run("list", "--json").stdout)

    assert [(each["mail"], each["roles"], each["closed_at"] is None) for each in listed] == [
        ("awa@exemple.fr", ["coordinator", "member"], True),
        ("ancienne@exemple.fr", ["member"], False),
    ]
    assert "ancienne@exemple.fr  Awa  member  fermé le" in run("list").stdout


def test_closing_an_account_ends_its_sessions_and_links(service: Site, run: Command) -> None:
    service.account()
    visitor, other = service.sign_in(), service.visitor()
    link = service.link(other)

    assert run("close", "awa@exemple.fr").exit_code == 0
    assert visitor.get("/moi").status_code == 303
    assert other.get(link).status_code == 410
    assert service.sql("SELECT * FROM sessions") == []


def test_an_address_may_have_an_account_again_once_it_is_closed(
    service: Site, run: Command
) -> None:
    run("create", "awa@exemple.fr", "--role", "member")
    run("close", "awa@exemple.fr")

    assert run("create", "awa@exemple.fr", "--role", "member").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "awa@exemple.fr", "--role", "member"), "a déjà l’adresse"),
        (("create", "awa", "--role", "member"), "n’est pas une adresse"),
        (("close", "lou@exemple.fr"), "Aucun compte ouvert"),
        (("link", "lou@exemple.fr"), "Aucun compte ouvert"),
    ],
)
def test_what_cannot_be_done_is_said_in_french(
    service: Site, run: Command, words: tuple[str, ...], said: str
) -> None:
    service.account()

    result = run(*words)

    assert result.exit_code == 1
    assert said in result.stderr


def test_a_role_that_does_not_exist_is_refused(run: Command, base: Server) -> None:
    assert run("create", "awa@exemple.fr", "--role", "chef").exit_code == 2
