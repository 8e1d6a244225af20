"""Who may open what: pages by role, tables by database role, public pages without a trace."""

from typing import Annotated

import psycopg
import pytest
from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import NullPool, create_engine, text

from geoservice.auth.current import Identity, require
from geoservice.auth.limits import network
from geoservice.auth.model import Role
from geoservice.auth.paths import HOME, own_path
from geoservice.db.server import Server
from tests.auth.conftest import Site

TABLES = ("accounts", "sessions", "sign_in_links", "sign_in_counts", "outgoing_mails")

router = APIRouter()


@router.get("/essai/coordination")
async def for_coordinators(
    me: Annotated[Identity, require(Role.COORDINATOR)],
) -> PlainTextResponse:
    return PlainTextResponse(f"Bonjour {me.name}")


@pytest.fixture
def with_page(service: Site) -> Site:
    """With a page for coordinators."""
    service.app.include_router(router)
    return service


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (("coordinator",), 200),
        (("member", "coordinator"), 200),
        (("administrator",), 200),
        (("moderator",), 403),
        (("member",), 403),
    ],
)
def test_a_page_opens_for_its_role_and_for_administrators(
    with_page: Site, roles: tuple[str, ...], status: int
) -> None:
    with_page.account("awa@exemple.fr", *roles)

    answer = with_page.sign_in().get("/essai/coordination")

    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"


def test_a_refusal_says_which_role_is_needed(with_page: Site) -> None:
    with_page.account("awa@exemple.fr", "member")

    page = with_page.sign_in().get("/essai/coordination").text

    assert "Votre compte ne permet pas" in page
    assert "coordination d’un territoire" in page


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(with_page: Site) -> None:
    answer = with_page.visitor().get("/essai/coordination?page=2")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/connexion?suite=%2Fessai%2Fcoordination%3Fpage%3D2"
    assert answer.headers["cache-control"] == "no-store"


def test_a_program_that_is_not_signed_in_is_told(with_page: Site) -> None:
    answer = with_page.visitor().get("/essai/coordination", accept="application/json")

    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/sign-in-needed"


def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in_page(service: Site) -> None:
    answer = service.visitor().post("/moi/deconnexion", {})

    assert (answer.status_code, answer.headers["location"]) == (303, "/connexion")


PRIVATE = ("/connexion", "/connexion/envoye", "/connexion/lien?cle=rien", "/moi")


@pytest.mark.parametrize("path", PRIVATE)
def test_pages_about_one_person_are_kept_by_nobody(service: Site, path: str) -> None:
    service.account()

    assert service.visitor().get(path).headers["cache-control"] == "no-store"
    assert service.sign_in().get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/", "/lieux", "/lieux.json", "/confidentialite", "/accessibilite", "/nulle-part", "/health"],
)
def test_public_pages_set_no_cookie_and_may_be_kept(service: Site, path: str) -> None:
    service.account()
    for visitor in (service.visitor(), service.sign_in()):
        answer = visitor.get(path)

        assert "set-cookie" not in answer.headers
        assert "no-store" not in answer.headers.get("cache-control", "")


def test_the_page_of_mails_is_not_there_with_a_mail_server(service: Site) -> None:
    assert service.visitor().get("/courrier").status_code == 404


@pytest.mark.parametrize("table", TABLES)
def test_the_public_role_cannot_read_accounts(base: Server, table: str) -> None:
    with (
        psycopg.connect(Server.conninfo(base.public)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"SELECT count(*) FROM {table}")  # pyright: ignore[reportArgumentType, reportCallIssue]


@pytest.mark.parametrize("table", TABLES)
def test_the_app_role_reads_accounts(base: Server, table: str) -> None:
    engine = create_engine(base.app, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    engine.dispose()


@given(st.text(alphabet="/\\.:@?#ab\t\n\r \x00é", max_size=12))
def test_the_path_after_signing_in_never_leaves_the_site(asked: str) -> None:
    path = own_path(asked)

    # what a browser does first: it drops tabs and line breaks, and reads «\» as «/»
    read = path.translate({9: None, 10: None, 13: None}).replace("\\", "/")
    assert read.startswith("/")
    assert not read.startswith("//")


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/equipes/4?page=2", "/equipes/4?page=2"),
        ("/", "/"),
        (None, HOME),
        ("", HOME),
        ("moi", HOME),
        ("//pirate.exemple.fr", HOME),
        ("/\\pirate.exemple.fr", HOME),
        ("/\t/pirate.exemple.fr", HOME),
        ("https://pirate.exemple.fr", HOME),
        ("javascript:alert(1)", HOME),
        ("/connexion?suite=/connexion", HOME),
        ("/" + "a" * 600, HOME),
    ],
)
def test_only_a_path_of_this_site_is_kept(asked: str | None, kept: str) -> None:
    assert own_path(asked) == kept


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_requests_are_counted_by_network(address: str, counted: str) -> None:
    assert network(address) == counted
