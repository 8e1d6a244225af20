"""Whoever is signed out in one process is signed out in the other, on the next request."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, text

from geoservice.auth.secrets import digest
from tests.auth.conftest import OURS
from tests.consent.test_canaries import Other, other

__all__ = ["other"]

SECRETS = ("essai-de-deux-processus-1", "essai-de-deux-processus-2")


@pytest.fixture
def signed_in(site: str, engine: Engine) -> Iterator[int]:
    """An account with two sessions; its id."""
    with engine.begin() as db:
        account = db.execute(
            text(
                "INSERT INTO accounts (mail, name, roles)"
                " VALUES ('deux@exemple.fr', 'Deux', '{member}') RETURNING id"
            )
        ).scalar_one()
        for secret in SECRETS:
            db.execute(
                text(
                    "INSERT INTO sessions (account_id, hash, device)"
                    " VALUES (:account, :hash, 'Essai')"
                ),
                {"account": account, "hash": digest(secret)},
            )
    yield account
    with engine.begin() as db:
        db.execute(text("DELETE FROM accounts WHERE id = :id"), {"id": account})


def status(address: str, secret: str) -> int:
    return httpx.get(address + "/moi", cookies={"session": secret}, timeout=60).status_code


@pytest.mark.parametrize("path", ["/moi/deconnexion", "/moi/sessions/fermer-les-autres"])
def test_a_session_closed_in_one_process_is_closed_in_both(
    site: str, other: Other, signed_in: int, path: str
) -> None:
    processes = (site, other.address)
    assert [status(one, secret) for one in processes for secret in SECRETS] == [200] * 4
    page = httpx.get(site + "/moi", cookies={"session": SECRETS[0]}, timeout=60)
    found = re.search(r'name="jeton" value="(\w+)"', page.text)
    assert found

    done = httpx.post(
        site + path,
        cookies={"session": SECRETS[0]},
        data={"jeton": found[1]},
        headers=OURS,
        timeout=60,
    )
    assert done.status_code == 303

    closed = SECRETS[0] if path == "/moi/deconnexion" else SECRETS[1]
    for secret in SECRETS:
        wanted = 401 if secret == closed else 200
        assert [status(one, secret) for one in processes] == [wanted] * 2


def test_an_account_that_is_closed_is_closed_in_both(
    site: str, other: Other, engine: Engine, signed_in: int
) -> None:
    with engine.begin() as db:
        db.execute(text("UPDATE accounts SET closed_at = now() WHERE id = :id"), {"id": signed_in})

    for one in (site, other.address):
        assert [status(one, secret) for secret in SECRETS] == [401] * 2
