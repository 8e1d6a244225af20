"""The vocabularies say what the national schema publishes, and read what older files wrote."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.places.typologies import Typologie, TypologieGroup, in_group
from geoservice.places.vocabulary import (
    WITHOUT_TARGET,
    Dispositif,
    FormationLabel,
    Frais,
    Itinerance,
    ModaliteAcces,
    ModaliteAccompagnement,
    PriseEnCharge,
    Public,
    Service,
    Vocabulary,
    read_value,
)
from geoservice.places.vocabulary_extension import Equipement, Langue
from geoservice.web.typography import slug

NATIONAL: dict[str, type[Vocabulary]] = {
    "services": Service,
    "publics_specifiquement_adresses": Public,
    "prise_en_charge_specifique": PriseEnCharge,
    "frais_a_charge": Frais,
    "dispositif_programmes_nationaux": Dispositif,
    "formations_labels": FormationLabel,
    "modalites_acces": ModaliteAcces,
    "modalites_accompagnement": ModaliteAccompagnement,
    "itinerance": Itinerance,
}
EVERY = [*NATIONAL.values(), Typologie, TypologieGroup, Equipement, Langue]
EVERY_MEMBER = [member for vocabulary in EVERY for member in vocabulary]


def published() -> str:
    """The reference page, where the working copy has it beside it."""
    root = Path(__file__).parents[2]
    data = Path(os.environ.get("GEOSERVICE_DATA", root / "../shared/data"))
    page = data / "../reference/data-model.md"
    if not page.exists():
        pytest.skip(f"the reference page is not here: {page} (set GEOSERVICE_DATA)")
    return page.read_text(encoding="utf-8")


def published_list(field: str) -> str:
    """The line «**field (n)**: …» of the reference page."""
    found = re.search(rf"^\*\*{field} \(\d+\)\*\*: (.*)$", published(), re.MULTILINE)
    assert found, f"{field} is not on the reference page"
    return found[1]


def published_services() -> list[tuple[str, list[str]]]:
    """Each service of the reference page with its old names, labels and slugs."""
    table = published().split("**services (9)**")[1].split("\n\n")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return [(service, re.findall(r"([^;`(]+?) \(`(.+?)`\)", old)) for service, old in rows[1:]]


# The page is prose; these are its arrows, each checked below to be written on it.
OLD: dict[type[Vocabulary], dict[str, str | None]] = {
    Public: {
        "Jeunes (16-26 ans)": "Jeunes",
        "jeunes-16-26": "Jeunes",
        "Familles/enfants": "Familles et/ou enfants",
        "familles-enfants": "Familles et/ou enfants",
        "Seniors (+ 65 ans)": "Seniors",
        "seniors-65": "Seniors",
        "Uniquement femmes": "Femmes",
        "femmes": "Femmes",
        "Adultes": None,
    },
    PriseEnCharge: {
        "surdite": "Surdité",
        "Handicaps mentaux : déficiences limitant les activités d'une personne": "Handicaps mentaux",
        "Handicaps psychiques : troubles psychiatriques donnant lieu à des atteintes comportementales": "Handicaps mentaux",
        "handicaps-mentaux": "Handicaps mentaux",
        "Personnes en situation d'illettrisme": "Illettrisme",
        "personnes-en-situation-illettrisme": "Illettrisme",
        "Public langues étrangères": "Langues étrangères (autres)",
        "public-langues-etrangeres": "Langues étrangères (autres)",
        "deficience-visuelle": "Déficience visuelle",
    },
    Frais: {
        "Adhésion": "Payant",
        "Accepte le Pass numérique": "Gratuit sous condition",
        "gratuit": "Gratuit",
        "gratuit-sous-conditions": "Gratuit sous condition",
        "payant": "Payant",
        "adhesion": "Payant",
        "pass-numerique": "Gratuit sous condition",
    },
    Dispositif: {
        "CNFS": "Conseillers numériques",
        "Point relais CAF": "Point d'accès numérique CAF",
        "Grandes écoles du numérique": "Grande école du numérique",
        "aidants-connect": "Aidants Connect",
        "conseiller-numerique": "Conseillers numériques",
        "france-service": "France Services",
        "grandes-ecoles-du-numerique": "Grande école du numérique",
        "caf": "Point d'accès numérique CAF",
        "APTIC": None,
        "French Tech": None,
        "Campus connecté": None,
    },
    FormationLabel: {
        "Étapes numériques(La Poste)": "Étapes numériques (La Poste)",
        "mon-espace-sante": "Formé à « Mon Espace Santé »",
        "duplex": "Formé à « DUPLEX » (illettrisme)",
        "arnia": "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
        "ressources-reemploi": "Collectif ressources et acteurs réemploi (Normandie)",
        "etapes-numeriques": "Étapes numériques (La Poste)",
        "fabrique-de-territoire": "Fabriques de Territoire",
        "les-eclaireurs": "Les Éclaireurs du numérique (Drôme)",
        "mes-papiers": "Mes Papiers (Métropole de Lyon)",
        "ordi-3": "ORDI 3.0",
        "sud-labs": "SUD LABS (PACA)",
    },
    ModaliteAcces: {
        "envoyer-un-mail": "Contacter par mail",
        "envoyer-un-mail-avec-une-fiche-de-prescription": "Envoyer un mail avec une fiche de prescription",
        "telephoner": "Téléphoner",
        "se-presenter": "Se présenter",
    },
    ModaliteAccompagnement: {
        "Seul : j'ai accès à du matériel et une connexion": "En autonomie",
        "Avec de l'aide : je suis accompagné seul dans l'usage du numérique": "Accompagnement individuel",
        "Dans un atelier : j'apprends collectivement à utiliser le numérique": "Dans un atelier collectif",
        "A ma place : une personne habilitée fait les démarches à ma place": "Accompagnement individuel",
        "autonomie": "En autonomie",
        "accompagnement": "Accompagnement individuel",
        "delegation": "Accompagnement individuel",
        "atelier": "Dans un atelier collectif",
    },
}
FIELD = {vocabulary: field for field, vocabulary in NATIONAL.items()}

# Longer forms that producers published beside those of the page (label, then its explanation).
EXPLAINED = {
    Frais: {
        "Gratuit : Je peux accéder gratuitement au lieu et à ses services": "Gratuit",
        "Gratuit sous condition : La gratuité est conditionnée à des critères (situation familiale, convention avec un organisme social...)": "Gratuit sous condition",
        "Payant : L'accès au lieu et/ou à ses services est payant": "Payant",
        "Adhésion : L'accès au lieu et/ou à ses services nécessite d'y adhérer": "Payant",
        "Accepte le Pass numérique : Il est possible d'utiliser un Pass numérique pour accéder au lieu": "Gratuit sous condition",
    },
}

# How the page spells a label, where ours corrects it.
CORRECTED = {
    "CAF": "Caisses d’allocation familiale",
    "CC": "Communautés de Commune",
    "EATT": "Entreprise adaptée",
    "EPN": "Espace publique numérique",
    "ESS": "Entreprise def l'Économie Sociale et Solidaire",
}


def old_names() -> Iterator[tuple[type[Vocabulary], str, str | None]]:
    for table in (OLD, EXPLAINED):
        for vocabulary, meanings in table.items():
            for old, value in meanings.items():
                yield vocabulary, old, value


# ── against the published page ──────────────────────────────────────────────────────────────


def test_the_services_are_those_published_in_the_same_order() -> None:
    assert [service.value for service in Service] == [name for name, _ in published_services()]


def test_every_old_service_published_is_read_as_its_successor() -> None:
    for service, old in published_services():
        for label, old_slug in old:
            assert read_value(Service, label.strip()) == (service,)
            assert read_value(Service, old_slug) == (service,)
            assert read_value(Service, f"numerique--{old_slug}") == (service,)


def test_no_service_has_an_old_name_that_is_not_published() -> None:
    names = {slug(label) for _, old in published_services() for label, _ in old}

    assert {slug(old) for service in Service for old in service.old_names} == names


@pytest.mark.parametrize("field", [field for field in NATIONAL if field != "services"])
def test_each_list_is_the_published_one_in_the_same_order(field: str) -> None:
    values = [member.value for member in NATIONAL[field]]
    line = published_list(field)

    # «A; B; C. Old…»: nothing is left of the list after our last value
    assert line.startswith("; ".join(values) + ".")


@pytest.mark.parametrize("field", NATIONAL)
def test_each_list_has_the_published_number_of_values(field: str) -> None:
    found = re.search(rf"\*\*{field} \((\d+)\)\*\*", published())

    assert found
    assert len(NATIONAL[field]) == int(found[1])


@pytest.mark.parametrize(("vocabulary", "old"), [(v, old) for v in OLD for old in OLD[v]])
def test_the_old_names_of_this_test_are_on_the_page(vocabulary: type[Vocabulary], old: str) -> None:
    assert old in published_list(FIELD[vocabulary])


@pytest.mark.parametrize("vocabulary", OLD)
def test_every_old_name_of_the_page_is_in_this_test(vocabulary: type[Vocabulary]) -> None:
    """«Old …: A / `a`→B; C→D; slugs e, f.»: what stands before an arrow, and every slug."""
    line = published_list(FIELD[vocabulary])
    after = line.split(". Old", 1)[-1] if ". Old" in line else line.split("v0 ", 1)[-1]
    before_arrows = re.findall(r"(?:: |; |, )([^:;,`\"→]+?)(?: / `[^`]+`)? ?→", after)
    quoted = re.findall(r'"([^"]+)"', after)
    slugs = re.findall(r"(?:slugs:? | / |, |; )`?([a-z0-9]+(?:-[a-z0-9]+)*)(?=[`,;.]| /)", after)

    assert len(before_arrows) + len(quoted) + len(slugs) >= 4
    assert {*before_arrows, *quoted, *slugs} <= set(OLD[vocabulary])


def test_the_typologies_are_those_published_with_five_labels_corrected() -> None:
    section = published().split("## 1.3")[1].split("Old alias")[0]
    pairs = re.findall(r"`(\w+)` ([^;]+?)(?:;|\.\s)", section[section.index("`ACI`") :])

    ours = [(typologie.value, typologie.label) for typologie in Typologie]
    assert [code for code, _ in ours] == [code for code, _ in pairs]
    differ = {
        code: theirs
        for (code, label), (_, theirs) in zip(ours, pairs, strict=True)
        if label != theirs.replace("'", "’")
    }
    assert differ == CORRECTED


# ── what must hold without the page ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(("vocabulary", "old", "value"), list(old_names()))
def test_an_old_name_is_read_as_its_successor_or_dropped(
    vocabulary: type[Vocabulary], old: str, value: str | None
) -> None:
    assert read_value(vocabulary, old) == (() if value is None else (value,))


@pytest.mark.parametrize("vocabulary", OLD)
def test_no_vocabulary_has_an_old_name_that_nobody_published(vocabulary: type[Vocabulary]) -> None:
    ours = {slug(old) for member in vocabulary for old in member.old_names}
    dropped = {slug(old) for old in WITHOUT_TARGET.get(vocabulary, ())}
    theirs = {slug(old) for owner, old, _ in old_names() if owner is vocabulary}

    assert ours | dropped <= theirs


@pytest.mark.parametrize(
    ("vocabulary", "count", "digest"),
    [
        (Service, 9, "e161a8ba34a4"),
        (Public, 5, "127e9ad1f396"),
        (PriseEnCharge, 7, "86b1df7c9b4c"),
        (Frais, 3, "8943e39cad6c"),
        (Dispositif, 11, "b083b972d535"),
        (FormationLabel, 10, "3dafbf15c0b0"),
        (ModaliteAcces, 6, "72e114753937"),
        (ModaliteAccompagnement, 4, "1c3701b8cb7b"),
        (Itinerance, 2, "8eaa8155da1b"),
        (Typologie, 92, "a05cf17ec1ed"),
        (TypologieGroup, 9, "28cbbbfbe11b"),
        (Equipement, 13, "0ca097effc4b"),
        (Langue, 39, "a849378dc3e3"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value),
)
def test_the_order_of_the_values_never_changes(
    vocabulary: type[Vocabulary], count: int, digest: str
) -> None:
    """A digest of the first values in order: new ones may follow, none may move or go."""
    first = "|".join([member.value for member in vocabulary][:count])

    assert len(vocabulary) >= count
    assert hashlib.sha256(first.encode()).hexdigest()[:12] == digest


@pytest.mark.parametrize("member", EVERY_MEMBER, ids=lambda m: f"{type(m).__name__}.{m.name}")
def test_a_value_is_read_by_its_label_and_by_its_slug(member: Vocabulary) -> None:
    assert read_value(type(member), member.value) == (member,)
    assert read_value(type(member), member.label) == (member,)
    assert read_value(type(member), member.slug) == (member,)


@given(
    st.sampled_from(EVERY_MEMBER),
    st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    st.sampled_from(["'", "’", "ʼ"]),
    st.sampled_from([" ", "\u00a0", "\u202f", "  ", "\t"]),
)
def test_case_apostrophes_and_spaces_make_no_difference(
    member: Vocabulary, case: Callable[[str], str], apostrophe: str, space: str
) -> None:
    typed = case(member.label).replace("’", apostrophe).replace(" ", space)

    assert read_value(type(member), f"{space}{typed}{space}") == (member,)


@given(st.sampled_from(EVERY_MEMBER), st.sampled_from(["xx", "et autres", "non", "2"]))
def test_a_value_inside_a_longer_text_is_not_read(member: Vocabulary, more: str) -> None:
    assert read_value(type(member), f"{member.label} {more}") is None


@given(st.sampled_from(EVERY), st.text(max_size=60))
def test_no_text_makes_reading_fail(vocabulary: type[Vocabulary], text: str) -> None:
    values = read_value(vocabulary, text)

    assert values is None or all(isinstance(value, vocabulary) for value in values)


@given(st.text(max_size=60))
def test_the_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize("vocabulary", EVERY)
def test_two_values_never_share_an_address(vocabulary: type[Vocabulary]) -> None:
    assert len({member.slug for member in vocabulary}) == len(vocabulary)


@pytest.mark.parametrize(
    "member",
    [m for m in EVERY_MEMBER if not isinstance(m, Typologie | Langue)],
    ids=lambda m: f"{type(m).__name__}.{m.name}",
)
def test_a_definition_is_one_plain_sentence(member: Vocabulary) -> None:
    assert re.fullmatch(r"[A-ZÀÉÊ][^.'\"]+\.|.*ORDI 3\.0.*\.", member.definition)
    assert len(member.definition) <= 120


@pytest.mark.parametrize("member", EVERY_MEMBER, ids=lambda m: f"{type(m).__name__}.{m.name}")
def test_a_label_has_no_straight_apostrophe(member: Vocabulary) -> None:
    assert "'" not in member.label


@pytest.mark.parametrize("vocabulary", NATIONAL.values())
def test_a_name_in_the_code_is_the_value_without_accents(vocabulary: type[StrEnum]) -> None:
    assert [m.name for m in vocabulary] == [
        slug(m.value).replace("-", "_").upper() for m in vocabulary
    ]


def test_the_name_of_the_job_centre_before_2024_is_read() -> None:
    assert read_value(Typologie, "PE") == (Typologie.FT,)


def test_the_two_adapted_companies_are_told_apart() -> None:
    assert read_value(Typologie, "Entreprise adaptée") == (Typologie.EA,)
    assert read_value(Typologie, "Entreprise adaptée de travail temporaire") == (Typologie.EATT,)


def test_every_typology_is_in_one_group() -> None:
    grouped = [typologie for group in TypologieGroup for typologie in in_group(group)]

    assert sorted(grouped) == sorted(Typologie)


def test_every_group_holds_something() -> None:
    assert all(in_group(group) for group in TypologieGroup)


def test_sign_language_is_a_language() -> None:
    assert read_value(Langue, "LSF") == (Langue.LANGUE_DES_SIGNES_FRANCAISE,)
