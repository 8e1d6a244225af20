"""Places as data·inclusion (schema v1) writes them: a structure, and the service that it offers.

The correspondences are those of data·inclusion's own import of the national map, corrected: publics
are looked up by what the national schema calls them, the accessibility sheet is kept, and what the
fees depend on is said.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row

from geoservice.clock import day_in_paris
from geoservice.exports.national import shortened
from geoservice.places.vocabulary import (
    Dispositif,
    Frais,
    ModaliteAcces,
    ModaliteAccompagnement,
    PriseEnCharge,
    Public,
    Service,
)

PRODUCER = "carte-mediation-numerique"
SERVICE_NAME = "Service d’accompagnement au numérique"
NAME_LENGTHS = range(3, 151)
DESCRIPTION_LENGTHS = range(5, 10_001)
OLDEST = date(2000, 1, 1)

ALREADY_THERE = ("dora", "fredo", "soliguide")
"""Collectors whose places data·inclusion has first-hand: sending them back would double them."""
IMPORTED_FROM_THERE = "data-inclusion"
"""How the names of our sources that come from data·inclusion begin."""

FUNDAMENTALS = "numerique--maitriser-les-fondamentaux-du-numerique"
ONLINE_SERVICES = "numerique--acceder-a-des-services-en-ligne"
EQUIPMENT = "numerique--acquerir-un-equipement"
THEMES: Mapping[str, tuple[str, ...]] = {
    Service.AIDE_AUX_DEMARCHES_ADMINISTRATIVES: (
        "difficultes-administratives-ou-juridiques--accompagnement-aux-demarches-administratives",
        ONLINE_SERVICES,
    ),
    Service.MAITRISE_DES_OUTILS_NUMERIQUES_DU_QUOTIDIEN: (FUNDAMENTALS, ONLINE_SERVICES),
    Service.INSERTION_PROFESSIONNELLE_VIA_LE_NUMERIQUE: (
        "preparer-sa-candidature--organiser-ses-demarches-de-recherche-demploi",
        FUNDAMENTALS,
    ),
    Service.UTILISATION_SECURISEE_DU_NUMERIQUE: (FUNDAMENTALS,),
    Service.PARENTALITE_ET_EDUCATION_AVEC_LE_NUMERIQUE: (
        "famille--soutien-a-la-parentalite-et-a-leducation",
        FUNDAMENTALS,
    ),
    Service.LOISIRS_ET_CREATIONS_NUMERIQUES: (
        "remobilisation--activites-sportives-et-culturelles",
        FUNDAMENTALS,
    ),
    Service.COMPREHENSION_DU_MONDE_NUMERIQUE: (FUNDAMENTALS,),
    Service.ACCES_INTERNET_ET_MATERIEL_INFORMATIQUE: (
        "numerique--acceder-a-une-connexion-internet",
        EQUIPMENT,
    ),
    Service.ACQUISITION_DE_MATERIEL_INFORMATIQUE_A_PRIX_SOLIDAIRE: (EQUIPMENT,),
}
PUBLICS: Mapping[str, tuple[str, ...]] = {
    Public.JEUNES: ("jeunes",),
    Public.ETUDIANTS: ("etudiants",),
    Public.FAMILLES_ET_OU_ENFANTS: ("familles",),
    Public.SENIORS: ("seniors",),
    Public.FEMMES: ("femmes",),
    PriseEnCharge.SURDITE: ("personnes-en-situation-de-handicap",),
    PriseEnCharge.HANDICAPS_MOTEURS: ("personnes-en-situation-de-handicap",),
    PriseEnCharge.HANDICAPS_MENTAUX: ("personnes-en-situation-de-handicap",),
    PriseEnCharge.DEFICIENCE_VISUELLE: ("personnes-en-situation-de-handicap",),
    PriseEnCharge.LANGUES_ETRANGERES_ANGLAIS: ("personnes-exilees",),
    PriseEnCharge.LANGUES_ETRANGERES_AUTRES: ("personnes-exilees",),
    # illiteracy has no public of its own there: `publics_precisions` says it
    PriseEnCharge.ILLETTRISME: (),
}
NETWORKS: Mapping[str, tuple[str, ...]] = {
    Dispositif.AIDANTS_CONNECT: ("aidants-connect",),
    Dispositif.CONSEILLERS_NUMERIQUES: ("conseillers-numeriques",),
    Dispositif.EMMAUS_CONNECT: ("emmaus",),
    Dispositif.RELAIS_NUMERIQUE_EMMAUS_CONNECT: ("emmaus",),
    Dispositif.FRANCE_SERVICES: ("france-service",),
    Dispositif.GRANDE_ECOLE_DU_NUMERIQUE: ("grandes-ecoles-du-numerique",),
    Dispositif.LA_CROIX_ROUGE: ("croix-rouge",),
}
WAYS_IN: Mapping[str, tuple[str, ...]] = {
    ModaliteAcces.SE_PRESENTER: ("se-presenter",),
    ModaliteAcces.TELEPHONER: ("telephoner",),
    ModaliteAcces.CONTACTER_PAR_MAIL: ("envoyer-un-courriel",),
    ModaliteAcces.ENVOYER_UN_MAIL_AVEC_UNE_FICHE_DE_PRESCRIPTION: ("envoyer-un-courriel",),
    ModaliteAcces.PRENDRE_UN_RDV_EN_LIGNE: ("utiliser-lien-mobilisation",),
}
TYPES = (
    (ModaliteAccompagnement.EN_AUTONOMIE, "aide-materielle"),
    (ModaliteAccompagnement.DANS_UN_ATELIER_COLLECTIF, "atelier"),
    (ModaliteAccompagnement.ACCOMPAGNEMENT_INDIVIDUEL, "accompagnement"),
)
"""Only one type fits: the first that the place offers."""


def comes_from_there(row: Row[Any]) -> bool:
    """Whether data·inclusion already has the place from somebody else."""
    origins = {origin["source"] for origin in row.provenance.values()}
    if origins and all(name.startswith(IMPORTED_FROM_THERE) for name in origins):
        return True
    return bool(row.source) and row.source.casefold() in ALREADY_THERE


def structure(row: Row[Any], public_url: str) -> dict[str, Any]:
    return {
        "source": PRODUCER,
        "id": _id(row),
        "nom": _name(row),
        "date_maj": _updated_on(row),
        "description": _description(row),
        "lien_source": _page(row, public_url),
        "siret": row.pivot if row.pivot and row.pivot.isdigit() and len(row.pivot) == 14 else None,
        **_address(row),
        "telephone": row.phone,
        "courriel": row.emails[0] if row.emails else None,
        "site_web": row.websites[0] if row.websites else None,
        "horaires_accueil": row.opening_hours,
        "accessibilite_lieu": row.accessibility_url,
        "reseaux_porteurs": _meant(NETWORKS, row.programmes) or None,
    }


def service(row: Row[Any], public_url: str) -> dict[str, Any] | None:
    """The service that the place offers; None when nobody says which help is given there."""
    if not row.services:
        return None
    ways_in = _meant(WAYS_IN, row.access_modes)
    if row.booking_url and "utiliser-lien-mobilisation" not in ways_in:
        ways_in.append("utiliser-lien-mobilisation")
    kind = next((kind for mode, kind in TYPES if mode in row.support_modes), None)
    at_a_distance = ModaliteAccompagnement.A_DISTANCE in row.support_modes
    on_site = ModaliteAcces.CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC not in row.access_modes
    welcomed = _meant(PUBLICS, [*row.publics, *row.special_care])
    return {
        "source": PRODUCER,
        "structure_id": _id(row),
        "id": _id(row),
        "nom": SERVICE_NAME,
        "description": _description(row) or _sentence(row.services),
        "lien_source": _page(row, public_url),
        "date_maj": _updated_on(row),
        "type": kind,
        "thematiques": _meant(THEMES, row.services),
        "frais": _fees(row.fees),
        "frais_precisions": _sentence(row.fees) if set(row.fees) - {Frais.GRATUIT} else None,
        "publics": welcomed or ["tous-publics"],
        "publics_precisions": ", ".join([*row.publics, *row.special_care]) or None,
        **_address(row),
        "telephone": row.phone,
        "courriel": row.emails[0] if row.emails else None,
        "modes_accueil": ["a-distance"] * at_a_distance + ["en-presentiel"] * on_site or None,
        "zone_eligibilite": [row.departement] if row.departement else None,
        "lien_mobilisation": row.booking_url,
        "modes_mobilisation": ways_in or None,
        "mobilisable_par": ["usagers", "professionnels"],
        "horaires_accueil": row.opening_hours,
    }


def _id(row: Row[Any]) -> str:
    return f"{PRODUCER}--{row.public_id}"


def _page(row: Row[Any], public_url: str) -> str:
    return f"{public_url}/lieux/{row.public_id}"


def _name(row: Row[Any]) -> str:
    name = shortened(row.name, NAME_LENGTHS.stop - 1).rstrip(".") or row.name
    return name if len(name) >= NAME_LENGTHS.start else f"{name} – {row.commune or 'lieu'}"


def _updated_on(row: Row[Any]) -> str:
    return max(OLDEST, row.updated_on or day_in_paris(row.changed_at)).isoformat()


def _description(row: Row[Any]) -> str | None:
    words = row.description or row.summary
    if not words or len(words) < DESCRIPTION_LENGTHS.start:
        return None
    return shortened(words, DESCRIPTION_LENGTHS.stop - 1)


def _sentence(values: list[str]) -> str:
    return ", ".join(values)


def _address(row: Row[Any]) -> dict[str, Any]:
    return {
        "commune": row.commune,
        "code_postal": row.postal_code,
        "code_insee": row.code_insee,
        "adresse": row.address,
        "complement_adresse": row.address_extra,
        "longitude": row.lon,
        "latitude": row.lat,
    }


def _meant(meanings: Mapping[str, tuple[str, ...]], values: Iterable[str]) -> list[str]:
    """Each meaning once, in alphabetical order."""
    return sorted({meaning for value in values for meaning in meanings.get(value, ())})


def _fees(fees: list[str]) -> str | None:
    """«payant» only where nothing is free, as data·inclusion reads the national map."""
    if Frais.GRATUIT in fees or Frais.GRATUIT_SOUS_CONDITION in fees:
        return "gratuit"
    return "payant" if fees else None
