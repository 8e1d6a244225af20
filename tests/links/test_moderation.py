"""What waits for somebody's eye: who may decide, and what follows."""

from tests.links.conftest import Library


def test_a_coordinator_accepts_a_name_and_the_bearer_is_told(library: Library) -> None:
    library.send(library.link(), name="Autre nom")
    [change] = library.service.sql("SELECT id FROM link_changes")
    library.service.account("awa@exemple.fr", "coordinator")
    awa = library.service.sign_in()

    answer = awa.send("/moderation", f"/moderation/changements/{change.id}", verdict="accepter")
    library.service.work()

    assert answer.status_code == 303
    assert library.service.sql("SELECT name FROM places")[0][0] == "Autre nom"
    assert "est publié" in str(library.service.mailbox.received[-1]["subject"])


def test_a_refusal_needs_a_reason_which_the_bearer_reads(library: Library) -> None:
    link = library.link()
    library.send(link, name="Autre nom")
    [change] = library.service.sql("SELECT id FROM link_changes")
    library.service.account("awa@exemple.fr", "moderator")
    awa = library.service.sign_in()
    address = f"/moderation/changements/{change.id}"

    assert awa.send("/moderation", address, verdict="refuser").status_code == 422
    assert (
        awa.send("/moderation", address, verdict="refuser", raison="Pas un nom.").status_code == 303
    )
    assert "Pas un nom." in library.visitor.get(link).text


def test_a_member_may_neither_see_nor_decide(library: Library) -> None:
    library.service.account("awa@exemple.fr")
    awa = library.service.sign_in()

    assert awa.get("/moderation").status_code == 403
    assert library.visitor.get("/moderation").status_code == 303


def test_an_error_is_reported_without_an_account_and_its_contact_is_forgotten_once_done(
    library: Library,
) -> None:
    told = {"quoi": "horaires", "texte": "Fermé <b>le lundi</b>.", "mail": "lea@exemple.fr"}
    sent = library.visitor.post(f"/lieux/{library.id}/signaler", told)
    assert sent.status_code == 303
    library.service.account("awa@exemple.fr", "coordinator")
    awa = library.service.sign_in()

    page = awa.get("/moderation").text
    assert "Les horaires sont faux" in page
    assert "Fermé &lt;b&gt;le lundi" in page
    assert "lea@exemple.fr" in page

    [report] = library.service.sql("SELECT id FROM link_reports")
    awa.send("/moderation", f"/moderation/signalements/{report.id}", verdict="done")
    assert library.service.sql("SELECT contact FROM link_reports")[0][0] is None


def test_what_a_program_fills_in_is_not_kept(library: Library) -> None:
    told = {"quoi": "autre", "texte": "Achetez !", "site": "https://exemple.fr"}

    assert library.visitor.post(f"/lieux/{library.id}/signaler", told).status_code == 303
    assert library.service.sql("SELECT * FROM link_reports") == []


def test_a_report_without_words_is_asked_again(library: Library) -> None:
    answer = library.visitor.post(f"/lieux/{library.id}/signaler", {"quoi": "", "texte": ""})

    assert answer.status_code == 422
    assert "Choisissez ce qui ne va pas." in answer.text
