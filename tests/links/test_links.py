"""«Je mets à jour mon lieu sans compte»: the link, what it opens, and what it does not."""

import logging
import re

import pytest

from geoservice.links.jobs import LOOK_AFTER
from tests.links.conftest import MAIL, Library, fields


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(library: Library) -> None:
    known = library.ask(MAIL)
    unknown = library.ask("inconnu@exemple.fr")

    assert known == unknown
    assert [mail["to"] for mail in library.service.mailbox.received] == [MAIL]


def test_only_a_hash_of_the_link_is_kept(library: Library) -> None:
    secret = library.link().rpartition("/")[2]

    assert secret not in str(library.service.sql("SELECT * FROM links"))
    assert secret not in str(library.service.sql("SELECT * FROM jobs.procrastinate_jobs"))


def test_opening_the_link_changes_nothing_and_leaves_no_trace(library: Library) -> None:
    link = library.link()
    before = library.service.sql("SELECT * FROM links")

    answers = [library.visitor.get(link) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert library.service.sql("SELECT * FROM links") == before
    assert answers[0].headers["referrer-policy"] == "no-referrer"
    assert answers[0].headers["cache-control"] == "no-store"
    assert answers[0].headers["x-robots-tag"] == "noindex"
    assert "set-cookie" not in answers[0].headers


@pytest.mark.parametrize(
    ("end", "status"),
    [("", 200), ("/nom", 200), ("/inconnu", 404), ("/", 307), ("/exact", 404), ("/nom/x", 404)],
)
def test_the_address_of_a_link_is_told_to_nobody_whatever_it_answers(
    library: Library, end: str, status: int
) -> None:
    alive = library.link()
    for link in (alive, f"/modifier/{'x' * 43}"):
        answer = library.visitor.get(f"{link}{end}")

        assert answer.status_code in (status, 410)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex"
    assert library.visitor.get(f"{alive}{end}").status_code == status


@pytest.mark.parametrize(
    "over",
    [
        "UPDATE links SET expires_at = now() - interval '1 second'",
        "UPDATE links SET revoked_at = now()",
    ],
)
def test_a_link_that_expired_or_was_revoked_opens_and_changes_nothing(
    library: Library, over: str
) -> None:
    link = library.link()
    library.prepare(link, summary="Au premier étage.")
    review = fields(library.visitor.get(f"{link}/verifier").text)
    form = fields(library.visitor.get(f"{link}/contact").text) | {"phone": "05 55 00 00 00"}
    library.service.sql(over)

    for page in ("", "/contact", "/horaires/relire", "/verifier", "/merci", "/rien"):
        assert library.visitor.get(link + page).status_code == 410
    for page in ("/contact", "/position", "/exact", "/oublier", "/annuler/1", "/fin"):
        assert library.visitor.post(link + page, form).status_code == 410
    assert library.visitor.post(f"{link}/envoyer", review).status_code == 410
    assert library.service.sql("SELECT * FROM link_changes") == []


def test_a_link_tampered_with_opens_nothing(library: Library) -> None:
    link = library.link()

    assert library.visitor.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 410
    assert library.visitor.get("/modifier/x%00y").status_code in (404, 410)


def test_a_new_link_replaces_the_one_before_and_its_bearer_may_end_it(library: Library) -> None:
    first, second = library.link(), library.link()

    assert library.visitor.get(first).status_code == 410
    assert library.press(f"{second}/fin") == 200
    assert library.visitor.get(second).status_code == 410


def test_a_mail_that_does_not_leave_ends_no_link_and_leaves_when_the_server_is_back(
    library: Library,
) -> None:
    first = library.link()
    assert library.prepare(first, phone="05 55 00 00 01") == [303]
    library.service.mailbox.close()
    library.ask()
    assert library.visitor.get(first).status_code == 200

    library.service.mailbox.open()
    library.service.sql("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()")
    library.service.work()

    body = library.service.mailbox.received[-1].get_body(("plain",))
    assert body is not None
    [second] = re.findall(r"(/modifier/[\w-]{43})\s", body.get_content())
    assert library.visitor.get(first).status_code == 410
    assert "05 55 00 00 01" in library.visitor.get(f"{second}/verifier").text.replace("\xa0", " ")


def test_links_are_not_asked_for_without_end(library: Library) -> None:
    asked = [
        library.visitor.post(f"/lieux/{library.id}/modifier", {"mail": MAIL}).status_code
        for _ in range(6)
    ]

    assert asked == [303] * 5 + [429]


@pytest.mark.parametrize(
    "mail", ["", "accueil", "a@exemple.fr\r\nBcc: b@exemple.fr", "é@exemple.fr"]
)
def test_an_address_that_is_none_is_said_to_be_so(library: Library, mail: str) -> None:
    answer = library.visitor.post(f"/lieux/{library.id}/modifier", {"mail": mail})

    assert answer.status_code == 422
    assert "Cette adresse n’est pas complète" in answer.text


def test_the_secret_is_not_logged_when_something_breaks(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    link = library.link()
    library.service.sql("ALTER TABLE link_changes RENAME TO away")
    try:
        with caplog.at_level(logging.WARNING):
            assert library.visitor.get(link).status_code == 500
    finally:
        library.service.sql("ALTER TABLE away RENAME TO link_changes")

    assert "/modifier/{cle}" in caplog.text
    assert link not in caplog.text


def test_a_link_that_is_over_is_forgotten_with_its_address_and_what_was_changed_stays(
    library: Library,
) -> None:
    library.send(library.link(), phone="05 55 00 00 00")
    library.service.sql("UPDATE links SET expires_at = now() - interval '1 second'")

    library.service.do(LOOK_AFTER)

    assert library.service.sql("SELECT * FROM links") == []
    assert library.service.sql("SELECT phone FROM places")[0][0] == "+33555000000"
