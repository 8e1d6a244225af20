"""Structures and services of data·inclusion: its own library accepts them, and nothing is invented."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import pytest
from data_inclusion.schema import v1  # pyright: ignore[reportMissingTypeStubs]

from geoservice.exports.data_inclusion import (
    NETWORKS,
    PUBLICS,
    THEMES,
    WAYS_IN,
    comes_from_there,
    service,
    structure,
)
from geoservice.places.vocabulary import ModaliteAcces, PriseEnCharge, Public, Service
from tests.exports.conftest import Receive

SITE = "https://carte.exemple.fr"
STRICT = {"ignore_warnings": False}
"""Its warnings count as errors: a name that ends on a full stop, for instance."""

AWKWARD: list[dict[str, Any]] = [
    {},
    {"name": "BM"},
    {"name": "Maison des services publics. " * 9},
    {"name": "Espace numérique.", "summary": "Bref", "description": None},
    {"pivot": "W041000001", "emails": [], "websites": [], "phone": None},
    {"publics": [], "special_care": [], "fees": ["Payant"], "support_modes": []},
    {"postal_code": None, "code_insee": None, "commune": None, "lon": None, "lat": None},
    {"description": "mot " * 4000, "access_modes": [], "booking_url": None},
]


@pytest.mark.parametrize("change", AWKWARD)
def test_the_schema_s_own_library_accepts_the_place(
    receive_places: Receive, change: dict[str, Any]
) -> None:
    (row,) = receive_places(change)
    offered = service(row, SITE)

    assert v1.Structure.model_validate(structure(row, SITE), context=STRICT)
    assert offered
    assert v1.Service.model_validate(offered, context=STRICT)


def test_every_word_of_ours_has_words_of_theirs() -> None:
    known: tuple[tuple[Mapping[str, tuple[str, ...]], type[Enum]], ...] = (
        (THEMES, v1.Thematique),
        (PUBLICS, v1.Public),
        (NETWORKS, v1.ReseauPorteur),
        (WAYS_IN, v1.ModeMobilisation),
    )
    for meanings, theirs in known:
        used = {meaning for many in meanings.values() for meaning in many}
        assert used <= {value.value for value in theirs}
    assert THEMES.keys() == set(Service)
    assert PUBLICS.keys() == {*Public, *PriseEnCharge}
    assert set(ModaliteAcces) - WAYS_IN.keys() == {ModaliteAcces.CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC}


def test_the_publics_of_a_place_are_not_lost(receive_places: Receive) -> None:
    (row,) = receive_places({"publics": ["Seniors"], "special_care": ["Surdité"]})
    offered = service(row, SITE)

    assert offered
    assert offered["publics"] == ["personnes-en-situation-de-handicap", "seniors"]
    assert offered["publics_precisions"] == "Seniors, Surdité"


def test_a_place_for_nobody_in_particular_is_for_everybody(receive_places: Receive) -> None:
    (row,) = receive_places({"publics": [], "special_care": []})
    offered = service(row, SITE)

    assert offered
    assert offered["publics"] == ["tous-publics"]


def test_the_accessibility_sheet_and_the_page_of_the_place_are_given(
    receive_places: Receive,
) -> None:
    (row,) = receive_places({})
    told = structure(row, SITE)

    assert told["accessibilite_lieu"] == "https://acceslibre.beta.gouv.fr/app/exemple/"
    assert told["lien_source"] == f"{SITE}/lieux/{row.public_id}"
    assert told["id"] == f"carte-mediation-numerique--{row.public_id}"


def test_what_is_free_on_condition_is_free_and_says_so(receive_places: Receive) -> None:
    (row,) = receive_places({"fees": ["Gratuit sous condition"]})
    offered = service(row, SITE)

    assert offered
    assert (offered["frais"], offered["frais_precisions"]) == ("gratuit", "Gratuit sous condition")


def test_a_place_whose_help_is_unknown_offers_no_service(receive_places: Receive) -> None:
    (row,) = receive_places({"services": []})

    assert service(row, SITE) is None


def test_what_data_inclusion_collected_is_not_sent_back(receive_places: Receive) -> None:
    ours, theirs = receive_places({"source": "Hubik"}, {"source": "Soliguide"})

    assert not comes_from_there(ours)
    assert comes_from_there(theirs)
