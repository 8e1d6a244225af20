"""«L’annuaire des lieux et des acteurs»: those who agreed, each audience apart."""

import io
import zipfile

import pytest

from tests.mediators.conftest import CANARIES, Awa

DATA = (
    "/mediateurs.json",
    "/mediateurs.geojson",
    "/mediateurs.csv",
    "/mediateurs.xlsx",
    "/mediateurs.atom",
    "/donnees/mediateurs.csv",
    "/donnees/mediateurs.json",
    "/donnees/mediateurs.xlsx",
    "/api/v1/mediateurs",
    "/api/v1/mediateurs/changements?modifie_depuis=2026-01-01",
)


def read(awa: Awa, path: str) -> str:
    """All that an answer says, the text inside compressed files included."""
    answer = awa.service.visitor("192.0.2.7").get(path)
    assert answer.status_code in (200, 404), path
    if zipfile.is_zipfile(io.BytesIO(answer.content)):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            return " ".join(archive.read(name).decode() for name in archive.namelist())
    return answer.text


def test_who_agreed_to_pages_is_on_pages_and_not_in_data_and_the_reverse(awa: Awa) -> None:
    awa.fill()
    awa.work_at(awa.library)
    person = f"/mediateurs/{awa.id}"
    pages = ("/mediateurs", person, f"/lieux/{awa.library}")
    data = (*DATA, f"{person}.json", f"/lieux/{awa.library}.json")
    for path in (*pages, *data):
        assert not any(canary in read(awa, path) for canary in CANARIES), path

    awa.agree("name-public", "phone-public")
    for path in pages:
        assert "Canari" in read(awa, path), path
        assert "canari@" not in read(awa, path), path
    for path in data:
        assert not any(canary in read(awa, path) for canary in CANARIES), path

    awa.agree("mail-reusers")
    for path in pages:
        assert not any(canary in read(awa, path) for canary in CANARIES), path
    for path in data:
        if not path.endswith(".atom"):  # which tells no contact, but that there is somebody
            assert "canari@exemple.fr" in read(awa, path), path
        assert awa.id in read(awa, path), path
        assert "Canari" not in read(awa, path), path

    awa.agree()
    for path in (*pages, *data):
        assert not any(canary in read(awa, path) for canary in CANARIES), path


def test_people_are_found_by_what_they_know_and_where_they_work(awa: Awa) -> None:
    awa.fill(langues="en", publics="jeunes")
    awa.work_at(awa.library)
    awa.agree("name-reusers")

    def total(question: str) -> int:
        answer = awa.service.visitor().get(f"/mediateurs.json?{question}")
        assert answer.status_code == 200, answer.text
        return answer.json()["total"]

    for good in (
        "competences=cybersecurite",
        "role=mediateur-numerique",
        "langues=en",
        "publics=jeunes",
        "q=canari",
        "lon=1.87&lat=46.17&rayon=5",
        "q=awa&lon=1.87&lat=46.17",
    ):
        assert total(good) == 1, good
    for bad in ("role=benevole", "langues=fr", "q=zzzz", "lon=2.3&lat=48.8"):
        assert total(bad) == 0, bad
    near = awa.service.visitor().get("/mediateurs.json?lon=1.88&lat=46.17").json()
    assert 700 < near["mediateurs"][0]["distance_m"] < 850


def test_nobody_is_found_by_a_name_they_did_not_agree_to_show(awa: Awa) -> None:
    awa.fill()
    awa.agree("phone-reusers", "phone-public")

    assert awa.service.visitor().get("/mediateurs.json").json()["total"] == 1
    assert awa.service.visitor().get("/mediateurs.json?q=canari").json()["total"] == 0
    assert "Personne" in read(awa, "/mediateurs?q=Canari")


@pytest.mark.parametrize(
    "question",
    [
        "competences=magie",
        "role=chef",
        "langues=klingon",
        "couleur=bleu",
        "page=0",
        "permanence=mardredi",
        "permanence=mardi&permanence=jeudi",
    ],
)
def test_a_wrong_filter_is_an_error(awa: Awa, question: str) -> None:
    for suffix in ("", ".json", ".csv", ".geojson", ".xlsx", ".atom"):
        path = f"/mediateurs{suffix}"
        assert awa.service.visitor().get(f"{path}?{question}").status_code == 422


def test_whoever_leaves_is_gone_and_copies_are_told(awa: Awa) -> None:
    awa.fill()
    awa.agree("name-reusers", "name-public")
    left = awa.id
    changes = "/api/v1/mediateurs/changements?modifie_depuis=2026-01-01"
    [told] = awa.service.visitor().get(changes).json()["changements"]
    assert (told["id"], told["visible"]) == (left, True)

    awa.agree()
    [told] = awa.service.visitor().get(changes).json()["changements"]
    assert (told["id"], told["visible"], told["mediateur"]) == (left, False, None)
    assert awa.service.visitor().get(f"/mediateurs/{left}").status_code == 404

    feed = awa.service.visitor().get("/mediateurs.atom").text
    assert f'<at:deleted-entry ref="http://carte.exemple.fr/mediateurs/{left}"' in feed

    awa.visitor.send("/moi/fiche/partir", "/moi/fiche/partir", sur="oui")
    [told] = awa.service.visitor().get(changes).json()["changements"]
    assert (told["id"], told["visible"]) == (left, False)
    assert awa.service.visitor().get(f"/mediateurs/{left}").status_code == 410
    assert awa.service.visitor().get(f"/mediateurs/{left}.json").status_code == 410
    assert awa.service.visitor().get("/mediateurs/personne00").status_code == 404


def test_no_cache_keeps_an_answer(awa: Awa) -> None:
    for path in ("/mediateurs", *DATA):
        assert awa.service.visitor().get(path).headers["cache-control"] == "no-store"


def test_whoever_never_agreed_to_be_copied_is_in_no_list_of_changes(awa: Awa) -> None:
    awa.fill()
    awa.work_at(awa.library)
    awa.agree("name-public", "mail-professionals")
    awa.agree()
    awa.visitor.send("/moi/fiche/partir", "/moi/fiche/partir", sur="oui")

    changes = awa.service.visitor().get(DATA[-1]).json()["changements"]

    assert changes == []
    assert "deleted-entry" not in read(awa, "/mediateurs.atom")


def test_the_lists_of_skills_and_roles_are_published(awa: Awa) -> None:
    page = read(awa, "/donnees")

    for told in ("cybersecurite", "sante-en-ligne", "donnees-personnelles-et-rgpd", "benevole"):
        assert f"<code>{told}</code>" in page, told
