"""What /confidentialite promises about periods, the job of the night does."""

import re
from datetime import datetime

import pytest

from geoservice.auth.jobs import COUNTS_LAST
from geoservice.auth.queries import LINK_LASTS, MAIL_CHANGE_LASTS, SESSION_IDLE, SESSION_LASTS
from geoservice.auth.retention import NOTICE_DAYS
from geoservice.consent.model import Audience, Contact
from geoservice.embed import jobs as embed
from geoservice.links import jobs as links
from geoservice.mail.sending import KEPT_DAYS
from geoservice.mediators.jobs import CONTACT_LASTS, FORGET
from geoservice.teams import jobs as teams
from tests.mediators.conftest import Awa


def leave(awa: Awa) -> None:
    awa.fill()
    awa.agree("name-reusers")
    awa.visitor.send("/moi/fiche/partir", "/moi/fiche/partir", sur="oui")


def later(awa: Awa, interval: str) -> None:
    """Everything that is dated happened so much earlier: the clock, moved on."""
    site = awa.service
    moved = site.sql("SELECT * FROM consent_events ORDER BY id")
    site.sql("DELETE FROM consent_events")
    for row in moved:
        site.sql(
            "INSERT INTO consent_events (id, person, contact, audience, granted, wording,"
            " recorded_by, source, recorded_at, expires_at) VALUES (:id, :person, :contact,"
            " :audience, :granted, :wording, :recorded_by, :source,"
            " :recorded_at - CAST(:interval AS interval), :expires_at)",
            **row._mapping,
            interval=interval,
        )
    for table, column in (
        ("former_mediators", "left_at"),
        ("former_mediators", "told_at"),
        ("absences", "first_day"),
        ("absences", "last_day"),
        ("permanences", "valid_until"),
    ):
        site.sql(f"UPDATE {table} SET {column} = {column} - CAST(:i AS interval)", i=interval)


def counts(awa: Awa) -> tuple[int, int, int]:
    """How many agreements, former people, fingerprints are kept."""
    [row] = awa.service.sql(
        "SELECT (SELECT count(*) FROM consent_events) AS events, count(*) AS people,"
        " coalesce(sum(cardinality(digests)), 0) AS digests FROM former_mediators"
    )
    return row.events, row.people, row.digests


def test_who_left_is_forgotten_in_time_and_not_before(awa: Awa) -> None:
    leave(awa)
    events, people, digests = counts(awa)
    assert events > 1
    assert (people, digests) == (1, 1)

    later(awa, "2 years 11 months")
    awa.service.do(FORGET)
    assert counts(awa) == (events, 1, 1)

    later(awa, "2 months")
    awa.service.do(FORGET)
    assert counts(awa) == (events, 1, 0)  # the fingerprint after three years

    later(awa, "2 years")
    awa.service.do(FORGET)
    assert counts(awa) == (0, 0, 0)  # all the rest after five


def test_the_agreements_of_who_is_still_here_are_kept(awa: Awa) -> None:
    awa.fill()
    awa.agree("name-public")
    later(awa, "9 years")
    awa.service.do(FORGET)

    assert counts(awa)[0] == len(Contact) * len(Audience)  # what was refused is kept too
    assert awa.service.sql("SELECT given_name FROM public_view.mediators")[0].given_name == "Awa"


def test_the_settings_decide_how_long(awa: Awa) -> None:
    leave(awa)
    site = awa.service
    site.settings = site.settings.model_copy(update={"consent_journal_years": 1})
    later(awa, "13 months")
    site.do(FORGET)

    assert counts(awa) == (0, 1, 1)  # the number stays with the fingerprint


def test_nobody_but_this_job_takes_away_from_the_journal(awa: Awa) -> None:
    import psycopg

    from geoservice.db.server import Server

    awa.fill()
    awa.agree("name-public")
    with psycopg.connect(Server.conninfo(awa.service.base.app)) as db:
        for statement in ("DELETE FROM consent_events", "TRUNCATE consent_events"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                db.execute(statement)
            db.rollback()
        with pytest.raises(psycopg.errors.RaiseException):
            db.execute("SELECT forget_old_consents(0)")
    with (
        psycopg.connect(Server.conninfo(awa.service.base.public)) as db,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        db.execute("SELECT forget_old_consents(5)")


def test_past_absences_and_finished_permanences_go(awa: Awa) -> None:
    awa.fill()
    awa.work_at(awa.library)
    new = "/moi/permanences/nouvelle"
    form = {"lieu": awa.library, "quand": "le mardi de 14 h à 17 h", "rdv": "non"}
    awa.visitor.send(new, new, **form)
    awa.service.sql("UPDATE permanences SET valid_until = current_date")
    awa.service.sql(
        "INSERT INTO absences (mediator_id, first_day, last_day)"
        " SELECT id, current_date, current_date FROM mediators"
    )

    def kept() -> list[int]:
        return [
            awa.service.sql(f"SELECT count(*) AS n FROM {table}")[0].n
            for table in ("absences", "permanences")
        ]

    later(awa, "2 months")
    awa.service.do(FORGET)
    assert kept() == [1, 1]
    later(awa, "2 months")
    awa.service.do(FORGET)
    assert kept() == [0, 1]
    later(awa, "9 months")
    awa.service.do(FORGET)
    assert kept() == [0, 0]


def test_the_page_tells_the_periods(awa: Awa) -> None:
    page = re.sub(r"\s+", " ", awa.service.visitor().get("/confidentialite").text)

    assert "Sans limite" not in page
    for period in (
        "puis 5 ans sans votre nom",
        "5 ans après votre départ",
        "3 ans après",
        "3 mois",
    ):
        assert period in page.replace("\u202f", " ").replace("\xa0", " "), period


def test_every_period_of_the_page_is_that_of_the_job(awa: Awa) -> None:
    page = re.sub(r"\s+", " ", awa.service.visitor().get("/confidentialite").text)
    told = {
        f"oublié après {LINK_LASTS.seconds // 60} minutes",
        f"le nombre de demandes après {COUNTS_LAST.seconds // 3600} heure",
        f"personne n’a confirmé après {MAIL_CHANGE_LASTS.days * 24} heures",
        f"qui n’a pas pu partir après {KEPT_DAYS} jours",
        f"({SESSION_LASTS.days} jours au plus, {SESSION_IDLE.days} sans venir)",
        f"à l’avance ; puis, {awa.service.settings.unused_account_months} mois après",
        f"{NOTICE_DAYS} jours à l’avance",
        f"<td>{CONTACT_LASTS.days} jours</td>",
        f"<td>{teams.LASTS.days} jours sans réponse</td>",
        f"{links.LASTS.days} jours si elle est connue pour ce lieu",
        f"qui a répondu est gardé {links.CAMPAIGNS_LAST.days} jours",
        f"oubliées après {embed.UNCONFIRMED_LASTS.days} jours",
        f"Le lien sert {embed.LASTS.days} jours",
        f"affichages sont gardés {embed.COUNTS_LAST_MONTHS} mois",
    }
    plain = page.replace("\u202f", " ").replace("\xa0", " ")

    assert not [period for period in told if period not in plain]


@pytest.mark.parametrize(("hour", "kept"), [("21:30", 1), ("23:30", 0)])
def test_a_day_is_over_when_it_is_in_paris(
    awa: Awa, monkeypatch: pytest.MonkeyPatch, hour: str, kept: int
) -> None:
    awa.fill()
    awa.service.sql(
        "INSERT INTO absences (mediator_id, first_day, last_day)"
        " SELECT id, '2026-08-23', '2026-08-23' FROM mediators"
    )
    moment = datetime.fromisoformat(f"2026-11-23T{hour}+00:00")
    monkeypatch.setattr("geoservice.clock.now", lambda: moment)
    awa.service.do(FORGET)

    assert len(awa.service.sql("SELECT * FROM absences")) == kept
