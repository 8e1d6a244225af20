"""Saved maps: changed here, without touching the site that shows them; counted without following anyone."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from geoservice.embed.jobs import FORGET
from tests.auth.conftest import Site, Visitor, token

QUESTION = "titre=Chez+nous&couleur=8a1538&frais=gratuit"
MAIL = "communication@exemple.fr"


def save_by_mail(service: Site, question: str = QUESTION, **form: str) -> httpx.Response:
    sent = {"question": question, "titre": "La mairie", "mail": MAIL, "compter": "oui"} | form
    return service.visitor().post("/integrer/enregistrer", sent)


def received(service: Site) -> str:
    """The path of the link in the last mail."""
    service.work()
    body = service.mailbox.received[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"(/integrer/cartes/[\w-]{43})\s", body.get_content())
    assert found
    return found[1]


def saved(service: Site, question: str = QUESTION, **form: str) -> tuple[str, str]:
    """The link of the owner, and the key, once they agreed."""
    assert save_by_mail(service, question, **form).status_code == 303
    link = received(service)
    button = re.search(r'action="([^"]+/confirmer)"', service.visitor().get(link).text)
    assert button
    page = service.visitor().post(button[1], {"": ""}).headers["location"]
    return link, page.rpartition("/")[2]


def shown(service: Site, key: str, more: str = "", **headers: str) -> httpx.Response:
    return service.visitor().get(f"/embed?integration={key}{more}", **headers)


def counts(service: Site) -> list[tuple[int, int]]:
    service.run(service.app.state.tally.write())
    return [(row.displays, row.searches) for row in service.sql("SELECT * FROM embed_days")]


def test_a_key_shows_what_was_saved_once_its_owner_agreed(service: Site) -> None:
    save_by_mail(service)
    [(key,)] = service.sql("SELECT key FROM embeds")
    assert shown(service, key).status_code == 404

    _, key = saved(service)
    page = shown(service, key)

    assert page.status_code == 200
    assert "Chez nous" in page.text
    assert "couleur=8a1538" in page.text  # the style sheet
    assert 'value="gratuit"' in page.text  # what the form sends again


def test_the_builder_offers_to_save_what_it_made(service: Site) -> None:
    built = service.visitor().get(f"/integrer?{QUESTION}&hauteur=500")
    offered = re.search(r'href="(/integrer/enregistrer\?[^"]+)"', built.text)
    assert offered

    page = service.visitor().get(html.unescape(offered[1]))

    assert page.status_code == 200
    kept = re.search(r'name="question" value="([^"]+)"', page.text)
    assert kept
    assert parse_qs(html.unescape(kept[1])) == parse_qs(QUESTION)


def test_what_the_builder_refuses_is_not_saved(service: Site) -> None:
    refused = save_by_mail(service, "couleur=ffcc00")

    assert refused.status_code == 404
    assert service.sql("SELECT count(*) FROM embeds")[0][0] == 0


@pytest.mark.parametrize(
    ("name", "value"), [("titre", ""), ("titre", "x" * 121), ("sites", "*"), ("mail", "personne")]
)
def test_what_cannot_be_read_is_told_and_the_rest_is_kept(
    service: Site, name: str, value: str
) -> None:
    refused = save_by_mail(service, **{name: value})

    assert refused.status_code == 422
    assert f'id="{name}-erreur"' in refused.text
    assert QUESTION.replace("&", "&amp;") in refused.text
    assert service.sql("SELECT count(*) FROM embeds")[0][0] == 0


def test_a_saved_map_is_changed_without_touching_the_site_that_shows_it(service: Site) -> None:
    link, key = saved(service)
    visitor = service.visitor()
    built = visitor.get(f"{link}/{key}/changer?titre=Ailleurs&theme=sombre")
    question = re.search(r'name="question" value="([^"]+)"', built.text)
    assert question

    answer = visitor.post(f"{link}/{key}/changer", {"question": html.unescape(question[1])})

    assert answer.status_code == 303
    page = shown(service, key).text
    assert "Ailleurs" in page
    assert "Chez nous" not in page
    assert "gratuit" not in page.split("<form")[1].split("</form>")[0]


def test_a_change_that_cannot_be_read_is_refused_and_nothing_changes(service: Site) -> None:
    link, key = saved(service)

    refused = service.visitor().post(f"{link}/{key}/changer", {"question": "couleur=ffcc00"})

    assert refused.status_code == 422
    assert "contraste" in refused.text
    assert "Chez nous" in shown(service, key).text


def test_the_site_may_say_otherwise_in_its_own_code(service: Site) -> None:
    _, key = saved(service)

    page = shown(service, key, "&titre=Ici").text

    assert "Ici" in page
    assert "Chez nous" not in page
    assert 'name="frais" value="gratuit"' in page


def test_what_a_visitor_takes_away_does_not_come_back(service: Site) -> None:
    _, key = saved(service, "services=aide-aux-demarches-administratives")
    first = shown(service, key).text
    assert "1\xa0choix" in first
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', first)
    assert ("visite", "recherche") in hidden

    # the form, every box unticked
    after = service.visitor().get("/embed?" + "&".join(f"{name}={value}" for name, value in hidden))

    assert "1\xa0choix" not in after.text


def test_the_code_to_copy_holds_the_key_and_nothing_else(service: Site) -> None:
    link, key = saved(service)

    page = html.unescape(service.visitor().get(f"{link}/{key}").text)

    assert f'<carte-mediation integration="{key}">' in page
    assert f'src="{service.settings.site}/embed?integration={key}"' in page
    told = (
        service.visitor().get(f"/oembed?url={service.settings.site}/embed?integration={key}").json()
    )
    assert told["title"] == "Chez nous"
    assert f"/embed?integration={key}" in told["html"]


def test_only_the_named_sites_may_show_it(service: Site) -> None:
    _, key = saved(service, sites="www.exemple.fr\n*.mairie.exemple.fr")
    for answer, origin in [
        (shown(service, key, origin="https://www.exemple.fr"), "https://www.exemple.fr"),
        (shown(service, key, origin="https://evil.exemple.fr"), None),
        (shown(service, key, "&ou=Nulle-Part", origin="https://evil.exemple.fr"), None),
    ]:
        assert answer.headers.get("access-control-allow-origin") == origin
        assert "Origin" in answer.headers["vary"]
        policy = answer.headers["content-security-policy"]
        assert policy.endswith("frame-ancestors https://www.exemple.fr https://*.mairie.exemple.fr")


def test_a_map_kept_for_other_sites_is_still_previewed_on_its_own_page(service: Site) -> None:
    link, key = saved(service, sites="www.exemple.fr")

    page = service.visitor().get(f"{link}/{key}").text
    preview = re.search(r'class="preview" src="([^"]+)"', page)
    assert preview
    answer = service.visitor().get(html.unescape(preview[1]))

    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "Chez nous" in answer.text
    assert counts(service) == []


def test_without_names_any_site_may_show_it(service: Site) -> None:
    _, key = saved(service)

    answer = shown(service, key, origin="https://evil.exemple.fr")

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "frame-ancestors *" in answer.headers["content-security-policy"]


def test_displays_and_searches_are_counted_and_walking_around_is_not(service: Site) -> None:
    link, key = saved(service)
    shown(service, key)
    shown(service, key)
    shown(service, key, "&frais=gratuit&visite=recherche")
    shown(service, key, "&frais=gratuit&visite=page&page=1")
    service.visitor().get(f"{link}/{key}")

    assert counts(service) == [(2, 1)]
    page = service.visitor().get(f"{link}/{key}").text
    assert "2 affichages" in page.replace("\xa0", " ")
    lines = service.visitor().get(f"{link}/{key}/chiffres").text.splitlines()
    assert lines[0] == "jour,affichages,recherches"
    assert lines[1].endswith(",2,1")


@pytest.mark.parametrize("header", ["dnt", "sec-gpc"])
def test_a_visitor_who_refuses_is_not_counted(service: Site, header: str) -> None:
    _, key = saved(service)

    assert shown(service, key, **{header: "1"}).status_code == 200

    assert counts(service) == []


def test_an_owner_who_refuses_has_nothing_counted_and_nothing_left(service: Site) -> None:
    link, key = saved(service)
    shown(service, key)
    assert counts(service) == [(1, 0)]

    service.visitor().post(f"{link}/{key}", {"titre": "La mairie", "sites": ""})
    shown(service, key)

    assert counts(service) == []
    assert "ne rien compter" in service.visitor().get(f"{link}/{key}").text


def test_what_was_counted_survives_a_base_that_does_not_answer(service: Site) -> None:
    _, key = saved(service)
    shown(service, key)
    service.sql("ALTER TABLE embed_days RENAME TO away")
    service.run(service.app.state.tally.write())
    service.sql("ALTER TABLE away RENAME TO embed_days")

    assert counts(service) == [(1, 0)]


def test_nothing_of_who_came_is_kept(service: Site) -> None:
    columns = service.sql(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'embed_days'"
    )

    assert {name for (name,) in columns} == {"embed_id", "day", "displays", "searches"}


def test_an_account_lists_its_maps_and_those_of_its_mail(service: Site) -> None:
    service.account(MAIL)
    saved(service)
    me = service.sign_in(MAIL)
    page = me.get(f"/integrer/enregistrer?{QUESTION}")
    assert "/moi/cartes" in page.text

    answer = me.post(
        "/moi/cartes",
        {"jeton": token(page), "question": QUESTION, "titre": "L’école", "compter": "oui"},
    )

    assert answer.status_code == 303
    assert shown(service, answer.headers["location"].rpartition("/")[2]).status_code == 200
    listed = me.get("/moi/cartes").text
    assert "L’école" in listed
    assert "La mairie" in listed


def test_nobody_else_opens_changes_or_removes_a_map(service: Site) -> None:
    _, key = saved(service)
    service.account("autre@exemple.fr")
    other = service.sign_in("autre@exemple.fr")
    mine = {"jeton": token(other.get("/moi")), "titre": "Pris", "question": "titre=Pris"}

    assert other.get(f"/moi/cartes/{key}").status_code == 404
    for path in ("", "/changer", "/supprimer"):
        assert other.post(f"/moi/cartes/{key}{path}", mine).status_code == 404
    assert service.visitor().get(f"/integrer/cartes/{'x' * 43}/{key}").status_code == 410
    assert "Chez nous" in shown(service, key).text


def test_a_form_of_another_site_does_nothing_in_the_name_of_an_account(service: Site) -> None:
    service.account(MAIL)
    _, key = saved(service)
    me: Visitor = service.sign_in(MAIL)
    form = {"jeton": token(me.get("/moi"))}

    forged = me.post(f"/moi/cartes/{key}/supprimer", form, sec_fetch_site="cross-site")
    without = me.post(f"/moi/cartes/{key}/supprimer", {"jeton": ""})

    assert (forged.status_code, without.status_code) == (403, 403)
    assert shown(service, key).status_code == 200


def test_a_removed_map_is_told_in_the_frame_of_the_site_that_shows_it(service: Site) -> None:
    link, key = saved(service)

    service.visitor().post(f"{link}/{key}/supprimer", {"": ""})

    gone = shown(service, key)
    assert gone.status_code == 404
    assert "frame-ancestors *" in gone.headers["content-security-policy"]
    assert "n’existe plus" in gone.text


def test_a_new_link_opens_the_maps_and_the_old_one_does_not(service: Site) -> None:
    link, _ = saved(service)
    asked = service.visitor().post("/integrer/retrouver", {"mail": MAIL})
    assert urlsplit(asked.headers["location"]).path == "/integrer/envoye"

    assert "La mairie" in service.visitor().get(received(service)).text
    assert service.visitor().get(link).status_code == 410


def test_an_address_that_saved_nothing_receives_nothing_and_is_forgotten(service: Site) -> None:
    asked = service.visitor().post("/integrer/retrouver", {"mail": "personne@exemple.fr"})
    service.work()

    assert asked.headers["location"] == "/integrer/envoye"
    assert service.mailbox.received == []
    assert service.sql("SELECT mail FROM embed_links WHERE mail = 'personne@exemple.fr'") == []


def test_asking_again_and_again_is_stopped(service: Site) -> None:
    answers = [
        service.visitor().post("/integrer/retrouver", {"mail": "autre@exemple.fr"}).status_code
        for _ in range(6)
    ]

    assert answers == [303] * 5 + [429]


def test_what_is_over_is_forgotten(service: Site) -> None:
    _, key = saved(service)
    save_by_mail(service, titre="Jamais confirmée")
    service.sql("UPDATE embeds SET made_at = now() - interval '8 days'")
    service.sql(
        "INSERT INTO embed_days SELECT id, current_date - 800, 3, 1 FROM embeds WHERE key = :key",
        key=key,
    )
    service.sql(
        "UPDATE embed_links SET expires_at = now() - interval '1 minute' WHERE hash IS NOT NULL"
    )

    service.do(FORGET)

    assert [row.key for row in service.sql("SELECT key FROM embeds")] == [key]
    assert service.sql("SELECT * FROM embed_days") == []
    assert service.sql("SELECT * FROM embed_links WHERE expires_at < now()") == []


def test_no_page_of_an_owner_is_kept_by_a_browser_or_framed(service: Site) -> None:
    link, key = saved(service)

    for path in (link, f"{link}/{key}", f"{link}/{key}/changer"):
        answer = service.visitor().get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    for wrong in (f"/integrer/cartes/{'x' * 43}", f"{link}/inconnue", f"{link}/"):
        answer = service.visitor().get(wrong)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
