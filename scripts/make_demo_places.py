"""Invent the places of the demonstration, on real communes.

    python scripts/make_demo_places.py        # writes import/demo/lieux.json

Nothing here is a real place: names say «démonstration» or «(exemple)», telephones are of the range
reserved for fiction (06 39 98), addresses of exemple.fr. The draw is seeded and reads nothing but
`import/demo/territoires`, so the same script gives the same file.
"""

import csv
import gzip
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from geoservice.places.typologies import Typologie
from geoservice.places.vocabulary import (
    Dispositif,
    FormationLabel,
    Frais,
    ModaliteAcces,
    ModaliteAccompagnement,
    PriseEnCharge,
    Public,
    Service,
    Vocabulary,
    slug,
)
from geoservice.places.vocabulary_extension import Equipement, Langue

DEMO = Path(__file__).parents[1] / "import/demo"
PLACES = {"04": 95, "23": 80, "57": 135, "974": 90}
"""How many places in each département."""
LAST_DAY = date(2026, 11, 20)

Place = dict[str, str | float]
Row = dict[str, str]
V = TypeVar("V", bound=Vocabulary)

# ── hours («horaires»), OSM syntax ──────────────────────────────────────────────────────────

OFFICE = (
    "Mo-Fr 09:00-12:00,14:00-17:00",
    "Mo-Fr 09:00-12:00,14:00-17:00; PH off",
    "Mo-Fr 08:30-12:30,13:30-17:00; Sa 09:00-12:00; PH off",
    "Mo-Th 08:30-12:00,13:30-17:30; Fr 08:30-12:00; PH off",
    "Mo,Tu,Th,Fr 09:00-12:30,13:30-17:00; We 09:00-12:30",
    "Mo-Fr 09:00-12:30; Sa[1,3] 09:00-12:00; PH off",
    "Tu,Th 09:00-12:00; We 14:00-18:00; Sa[-1] 09:30-12:00",
    'Mo,We,Fr 09:00-12:00; Tu,Th 14:00-17:00 unknown "sur rendez-vous"',
    'Mo-Fr 08:30-12:00, Mo-Fr 13:30-16:30 unknown "sur rendez-vous"; PH off',
    'Mo-Fr 09:00-12:00 open "sans rendez-vous"; PH off',
    "Mo-Fr 09:00-17:00; Dec 24-Jan 02 off; PH off",
    "Mo-Fr 08:00-16:00; 2026 Dec 21-2027 Jan 01 off",
)
LIBRARY = (
    "Tu 14:00-18:00; We 10:00-12:00,14:00-18:00; Fr 14:00-18:00; Sa 10:00-12:30",
    "Tu-Sa 10:00-12:30,14:00-18:00; PH off",
    "We,Sa 14:00-18:00; SH Mo-Fr 10:00-12:00,14:00-18:00; PH off",
    "Tu,Fr 16:00-19:00; We 10:00-18:00; Sa 10:00-17:00; SH Tu-Sa 10:00-17:00",
    "We 13:30-18:00; Sa 09:30-12:30; Jul 14-Aug 15 off",
    "Tu-Fr 10:00-19:00; Sa 10:00-18:00; Su[1] 14:00-18:00; PH off",
    "Mo-Sa 13:00-18:30; Th 13:00-20:00; PH off",
)
CENTRE = (
    "Mo-Fr 09:00-12:00,14:00-18:00; SH off",
    "Mo,Tu,Th,Fr 14:00-18:30; We 09:00-12:00,13:30-18:30; PH off",
    "Tu-Fr 09:30-12:00,14:00-18:00; Sa 09:30-12:30; Aug off",
    "week 01-53/2 Tu 09:00-12:00; week 02-52/2 Th 14:00-17:00",
    "week 02-52/2 Fr 09:00-12:00,13:30-16:30; PH off",
    "Mo-Th 17:00-20:30; Sa 10:00-13:00",
    "We 18:00-21:00; Sa[2,4] 14:00-17:00",
    'Th 14:00-17:00 "sur rendez-vous"',
)
TIERS_LIEU = (
    "Mo-Fr 08:00-20:00; Sa 09:00-18:00",
    "24/7",
    "Apr-Sep Mo-Sa 09:00-19:00; Oct-Mar Mo-Fr 10:00-17:00; PH off",
    "Tu-Fr 10:00-18:00; Fr 10:00-22:00; Sa 14:00-19:00",
    "Th,Fr 18:00-01:00, Sa 14:00-02:00",
    "Jun 15-Sep 15 Tu-Su 10:00-19:00; Sep 16-Jun 14 We-Sa 14:00-18:00",
    'We-Fr 14:00-18:00; Mo,Tu unknown "téléphoner avant de venir"',
)
ROUND = (
    "We[2] 09:30-12:30; Fr[4] 14:00-17:00",
    "Mo[1] 09:00-12:00; Mo[3] 14:00-17:00; SH off",
    "week 01-53/2 We 09:00-12:30; PH off",
    "Su[1] 08:30-12:30",
    'Tu 10:00-12:00 unknown "au marché, selon la météo"',
)

REUNION = (
    "Mo-Th 07:30-12:00,13:00-16:00; Fr 07:30-12:00; PH off",
    "Mo-Fr 08:00-15:30; PH off; Dec 20 off",
    "Tu-Sa 08:30-16:30; SH Tu-Sa 08:30-12:00; PH off",
)
"""The day starts early there."""

# ── kinds of places ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Kind:
    """A kind of place, and what such a place usually is and offers."""

    weight: int
    name: str
    """`{of}` is replaced by «de Sisteron», «d’Oraison», «du Tampon»."""
    typologies: tuple[Typologie, ...]
    hours: tuple[str, ...]
    programmes: tuple[Dispositif, ...] = ()
    towns_only: bool = False
    """Only in communes of more than 4,000 people."""
    itinerance: str = "Fixe"


KINDS = (
    Kind(60, "Médiathèque de démonstration {of}", (Typologie.BIB,), LIBRARY, (Dispositif.CONSEILLERS_NUMERIQUES, Dispositif.BIBLIOTHEQUES_NUMERIQUE_DE_REFERENCE)),
    Kind(20, "Point lecture {of} (exemple)", (Typologie.RELAIS_LECTURE,), LIBRARY),
    Kind(55, "France Services {of} (exemple)", (Typologie.RFS,), OFFICE, (Dispositif.FRANCE_SERVICES, Dispositif.AIDANTS_CONNECT, Dispositif.CONSEILLERS_NUMERIQUES)),
    Kind(50, "Mairie {of} (exemple)", (Typologie.MUNI,), OFFICE, (Dispositif.CONSEILLERS_NUMERIQUES,)),
    Kind(35, "Espace public numérique de démonstration {of}", (Typologie.EPN,), CENTRE, (Dispositif.CONSEILLERS_NUMERIQUES, Dispositif.CERTIFICATION_PIX)),
    Kind(30, "Tiers-lieu de démonstration « La Grange connectée » {of}", (Typologie.TIERS_LIEUX,), TIERS_LIEU, (Dispositif.CERTIFICATION_PIX,)),
    Kind(12, "Tiers-lieu et fablab « L’Atelier des possibles » {of} (exemple)", (Typologie.TIERS_LIEUX, Typologie.FABLAB), TIERS_LIEU, (Dispositif.GRANDE_ECOLE_DU_NUMERIQUE,), towns_only=True),
    Kind(22, "Centre social de démonstration {of}", (Typologie.CS,), CENTRE, (Dispositif.AIDANTS_CONNECT, Dispositif.POINT_D_ACCES_NUMERIQUE_CAF, Dispositif.PROMENEURS_DU_NET)),
    Kind(10, "Centre socioculturel « Cœur de bourg » {of} (exemple)", (Typologie.CSC,), CENTRE, (Dispositif.POINT_D_ACCES_NUMERIQUE_CAF,)),
    Kind(14, "Espace de vie sociale de démonstration {of}", (Typologie.EVS, Typologie.ASSO), CENTRE),
    Kind(20, "CCAS {of} (exemple)", (Typologie.CCAS,), OFFICE, (Dispositif.AIDANTS_CONNECT,), towns_only=True),
    Kind(10, "Mission locale de démonstration {of}", (Typologie.ML,), OFFICE, (Dispositif.CERTIFICATION_PIX, Dispositif.PROMENEURS_DU_NET), towns_only=True),
    Kind(8, "Agence de l'emploi {of} (exemple)", (Typologie.FT,), OFFICE, (), towns_only=True),
    Kind(8, "Maison de quartier de démonstration {of}", (Typologie.MQ,), CENTRE, (), towns_only=True),
    Kind(8, "Maison des jeunes de démonstration {of}", (Typologie.MJC, Typologie.PIJ_BIJ), CENTRE, (Dispositif.PROMENEURS_DU_NET,)),
    Kind(10, "Bureau de poste {of} (exemple)", (Typologie.LA_POSTE,), OFFICE),
    Kind(8, "Maison des solidarités de démonstration {of}", (Typologie.MDS,), OFFICE, (Dispositif.AIDANTS_CONNECT,), towns_only=True),
    Kind(8, "Ressourcerie « Seconde vie » {of} (exemple)", (Typologie.RESSOURCERIE, Typologie.ASSO), CENTRE, (Dispositif.EMMAUS_CONNECT, Dispositif.RELAIS_NUMERIQUE_EMMAUS_CONNECT)),
    Kind(6, "Organisme de formation de démonstration {of}", (Typologie.OF,), OFFICE, (Dispositif.GRANDE_ECOLE_DU_NUMERIQUE, Dispositif.CERTIFICATION_PIX), towns_only=True),
    Kind(5, "PIMMS de démonstration {of}", (Typologie.PIMMS,), OFFICE, (Dispositif.FRANCE_SERVICES,), towns_only=True),
    Kind(5, "Antenne solidaire {of} (exemple)", (Typologie.ASSO,), CENTRE, (Dispositif.LA_CROIX_ROUGE,)),
    Kind(18, "Bus numérique de démonstration, arrêt {of}", (Typologie.ENM,), ROUND, (Dispositif.CONSEILLERS_NUMERIQUES, Dispositif.FRANCE_SERVICES), itinerance="Itinérant"),
    Kind(6, "Permanence numérique itinérante {of} (exemple)", (Typologie.EPCI,), ROUND, (Dispositif.CONSEILLERS_NUMERIQUES,), itinerance="Itinérant|Fixe"),
)  # fmt: skip

MACHINES = list(Equipement)  # the last one, a 3D printer, is for the «tiers-lieux»
EVERYWHERE = (
    FormationLabel.FORME_A_MON_ESPACE_SANTE,
    FormationLabel.FORME_A_DUPLEX_ILLETTRISME,
    FormationLabel.ETAPES_NUMERIQUES_LA_POSTE,
    FormationLabel.FABRIQUES_DE_TERRITOIRE,
    FormationLabel.ORDI_3_0,
)
"""The other labels are of one territory only."""
LABELS: dict[str, tuple[FormationLabel, ...]] = dict.fromkeys(PLACES, EVERYWHERE)
LABELS["04"] = (*EVERYWHERE, FormationLabel.SUD_LABS_PACA)
QUARTERS = (
    "Centre",
    "La Gare",
    "Les Jardins",
    "Le Vieux Moulin",
    "L'Étang",
    "Les Hauts",
    "La Rive",
)
STREETS = (
    "rue de la Mairie", "place de la République", "rue des Écoles", "chemin du Moulin", "avenue de la Gare",
    "place de l'Église", "rue du Lavoir", "route du Stade", "impasse des Tilleuls", "rue de l'Industrie",
    "allée des Platanes", "place du Marché", "rue Haute", "rue d'En-Bas", "boulevard de la Liberté",
)  # fmt: skip
COMPLEMENTS = (
    "1er étage",
    "Bâtiment B",
    "Rez-de-chaussée, à gauche de l'entrée",
    "Derrière la salle des fêtes",
)
RESUMES = (
    "Une équipe vous accueille et vous aide à vous servir d'internet, à votre rythme.",
    "Des ordinateurs en libre accès, et quelqu'un pour vous aider quand vous êtes bloqué.",
    "Ateliers, coups de main et démarches en ligne : venez comme vous êtes, même débutant.",
    "Un lieu ouvert à toutes et à tous pour apprendre, imprimer, réparer et se rencontrer.",
    "Aide aux démarches en ligne, sur rendez-vous ou sans, près de chez vous.",
)
DETAILS = (
    "Apportez votre téléphone ou votre ordinateur : on part de vos questions. Un café est offert à l'arrivée.",
    "Nous pouvons vous aider à créer une adresse mail, à ranger vos photos, à déclarer vos impôts ou à prendre rendez-vous chez le médecin.\n\nL'inscription aux ateliers se fait à l'accueil ou par téléphone.",
    "L'accès se fait de plain-pied. Le premier atelier du mois est consacré aux arnaques en ligne ; celui d'après, « à cœur ouvert », aux écrans en famille.",
)
INVENTED = "Lieu inventé pour la démonstration."


def of_commune(name: str) -> str:
    """«de Guéret», «d’Aubusson», «du Tampon», «des Mées», «de La Souterraine»."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return ("d'" if slug(name)[0] in "aeiou" else "de ") + name


def some(draw: Random, values: Sequence[V], chance: float, most: int) -> str:
    """Between one and `most` of the values, or nothing."""
    if draw.random() > chance or not values:
        return ""
    return joined(draw.sample(values, draw.randint(1, min(most, len(values)))))


def joined(values: Collection[Vocabulary]) -> str:
    """The values in the order of their vocabulary, separated as in the national schema."""
    return "|".join(
        value for vocabulary in {type(v) for v in values} for value in vocabulary if value in values
    )


def or_nothing(draw: Random, value: str, chance: float) -> str:
    return value if draw.random() < chance else ""


def near(draw: Random, row: Row, outline: BaseGeometry) -> tuple[float, float]:
    """A point some hundreds of metres from the commune's own, inside its outline."""
    longitude, latitude = float(row["longitude"]), float(row["latitude"])
    spread_deg = 0.004 if int(row["population"] or 0) < 4000 else 0.012
    for _ in range(50):
        point = (draw.gauss(longitude, spread_deg), draw.gauss(latitude, spread_deg * 0.7))
        if outline.contains(Point(point)):
            return point
    return longitude, latitude


def services(draw: Random, kind: Kind) -> str:
    """One to nine services; all nine now and then."""
    count = draw.choice((1, 2, 2, 3, 3, 4, 5, 6, 9))
    chosen = set(draw.sample(list(Service), count))
    if Dispositif.FRANCE_SERVICES in kind.programmes:
        chosen.add(Service.AIDE_AUX_DEMARCHES_ADMINISTRATIVES)
    return joined(chosen)


def programmes(draw: Random, kind: Kind) -> str:
    """Some of the usual programmes; a France Services is always one."""
    chosen = {programme for programme in kind.programmes if draw.random() < 0.5}
    if Typologie.RFS in kind.typologies:
        chosen.add(Dispositif.FRANCE_SERVICES)
    return joined(chosen)


def access(draw: Random) -> tuple[str, str]:
    """How to come and how help is given, which must not contradict each other."""
    if draw.random() < 0.02:
        return ModaliteAcces.CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC, ModaliteAccompagnement.A_DISTANCE
    ways = [way for way in ModaliteAcces if way != ModaliteAcces.CE_LIEU_N_ACCUEILLE_PAS_DE_PUBLIC]
    return some(draw, ways, 0.8, 3), some(draw, list(ModaliteAccompagnement), 0.9, 3)


def make_place(
    draw: Random, number: int, kind: Kind, row: Row, outline: BaseGeometry, name: str
) -> Place:
    longitude, latitude = near(draw, row, outline)
    ways, help_given = access(draw)
    mailbox = slug(row["nom"])
    hours = REUNION if row["departement"] == "974" and draw.random() < 0.4 else kind.hours
    zone = "QPV" if int(row["population"]) > 4000 else "FRR"
    books_online = 0.8 if ModaliteAcces.PRENDRE_UN_RDV_EN_LIGNE in ways else 0.05
    telephone = f"+3363998{draw.randint(0, 9999):04d}"
    code_postal = draw.choice(row["codes_postaux"].split("|"))
    number_in_street = draw.choice(
        ("", *(f"{n}, " for n in (1, 2, 3, 5, 8, 14, 27, "6 bis", "10 ter")))
    )
    place: Place = {
        "id": f"demo-{number:04d}",
        # 99 is no département: an association's number that cannot be a real one
        "pivot": f"W99{number:07d}" if Typologie.ASSO in kind.typologies else "00000000000000",
        "nom": name,
        "commune": row["nom"],
        "code_postal": code_postal,
        "code_insee": or_nothing(draw, row["code"], 0.94),
        "adresse": number_in_street + draw.choice(STREETS),
        "complement_adresse": or_nothing(draw, draw.choice(COMPLEMENTS), 0.12),
        "latitude": round(latitude, 5),
        "longitude": round(longitude, 5),
        "typologie": or_nothing(draw, "|".join(kind.typologies), 0.96),
        "telephone": or_nothing(draw, telephone, 0.88),
        "courriels": or_nothing(draw, draw.choice((f"contact.{mailbox}@exemple.fr", f"accueil.{mailbox}@exemple.fr|numerique.{mailbox}@exemple.fr")), 0.75),
        "site_web": or_nothing(draw, f"https://www.exemple.fr/demonstration/{number:04d}", 0.6),
        "horaires": or_nothing(draw, draw.choice(hours), 0.9),
        "presentation_resume": f"{draw.choice(RESUMES)} {INVENTED}" if draw.random() < 0.8 else INVENTED,
        "presentation_detail": or_nothing(draw, f"{draw.choice(DETAILS)} {INVENTED}", 0.45),
        "source": "demo",
        "itinerance": kind.itinerance if kind.itinerance != "Fixe" else or_nothing(draw, "Fixe", 0.6),
        "structure_parente": or_nothing(draw, f"Commune {of_commune(row['nom'])} (exemple)", 0.3),
        "date_maj": (LAST_DAY - timedelta(days=int(1400 * draw.random() ** 1.8))).isoformat(),
        "services": services(draw, kind),
        "publics_specifiquement_adresses": some(draw, list(Public), 0.35, 2),
        "prise_en_charge_specifique": some(draw, list(PriseEnCharge), 0.35, 4),
        "frais_a_charge": draw.choice((Frais.GRATUIT,) * 14 + (Frais.GRATUIT_SOUS_CONDITION, "Gratuit sous condition|Payant", "Gratuit|Payant", Frais.PAYANT, "", "")),
        "dispositif_programmes_nationaux": programmes(draw, kind),
        "formations_labels": some(draw, LABELS[row["departement"]], 0.12, 2),
        "autres_formations_labels": draw.choice(("", "", "", zone, f"{zone}|Atelier du réemploi (exemple)")),
        "modalites_acces": ways,
        "modalites_accompagnement": help_given,
        "fiche_acces_libre": or_nothing(draw, f"https://www.exemple.fr/acceslibre/{number:04d}", 0.15),
        "prise_rdv": or_nothing(draw, f"https://www.exemple.fr/rendez-vous/{number:04d}", books_online),
        "equipements": some(draw, MACHINES if Typologie.TIERS_LIEUX in kind.typologies else MACHINES[:-1], 0.75, 7),
        "langues": some(draw, list(Langue)[:22] + [Langue.CREOLE_REUNIONNAIS] * (row["departement"] == "974"), 0.25, 3),
    }  # fmt: skip
    return {field: value for field, value in place.items() if value != ""}


def draw_places(rows: Sequence[Row], outlines: dict[str, BaseGeometry]) -> list[Place]:
    draw = Random(20261122)  # noqa: S311 (a demonstration, not a secret)
    places: list[Place] = []
    names = set[str]()
    for departement, wanted in PLACES.items():
        # merged communes have neither population nor postal code
        communes = [r for r in rows if r["departement"] == departement and r["codes_postaux"]]
        weights = [int(commune["population"]) ** 0.75 for commune in communes]
        for _ in range(wanted):
            row = draw.choices(communes, weights)[0]
            town = int(row["population"]) > 4000
            kinds = [kind for kind in KINDS if town or not kind.towns_only]
            kind = draw.choices(kinds, [kind.weight for kind in kinds])[0]
            name = kind.name.format(of=of_commune(row["nom"]))
            for quarter in QUARTERS:
                if name not in names:
                    break
                name = f"{kind.name.format(of=of_commune(row['nom']))}, {quarter}"
            names.add(name)
            outline = outlines[row["code"]]
            places.append(make_place(draw, len(places) + 1, kind, row, outline, name))
    return places


def lieux_json() -> str:
    """The file, one place a line: a change shows as a change of that line."""
    with (DEMO / "territoires/communes.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    features = json.loads(gzip.decompress((DEMO / "territoires/communes.geojson.gz").read_bytes()))
    outlines = {f["properties"]["code"]: shape(f["geometry"]) for f in features["features"]}
    places = draw_places(rows, outlines)
    return "[\n" + ",\n".join(json.dumps(p, ensure_ascii=False) for p in places) + "\n]\n"


if __name__ == "__main__":
    (DEMO / "lieux.json").write_text(lieux_json(), encoding="utf-8")
