"""From the code of the national map, of its older client or of data·inclusion to a question of ours.

What has no equal here is told, never dropped in silence.
"""

import html
import math
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

from geoservice.places.vocabulary import read_value
from geoservice.search.question import CATEGORIES, RADIUS_MAX_KM
from geoservice.web.typography import slug

Pairs = list[tuple[str, str]]

ELEMENT = re.compile(r"cartographie-inclusion-numerique|fr-mediation-numerique[a-z-]*")
TERRITORIES = {
    "regions": "region",
    "departements": "departement",
    "communes": "commune",
    "epci": "epci",
}
LISTED = {
    "services": "services",
    "dispositif_programmes_nationaux": "dispositifs",
    "frais_a_charge": "frais",
    "publics_specifiquement_adresses": "publics",
    "prise_en_charge_specifique": "prise_en_charge",
    "formations_labels": "labels",
    "modalites_accompagnement": "modalites_accompagnement",
    "modalites_acces": "modalites_acces",
}
SAME = {
    "titre": "titre",
    "app_name": "titre",
    "logo_url": "logo",
    "logo": "logo",
    "help_url": "aide",
    "address": "ou",
    "size": "limite",
}
YES = {"prise_rdv": "rdv", "fiche_acces_libre": "accessible"}
MOMENTS = {"ouvert_actuellement": "maintenant", "ouvert_le_week_end": "weekend"}
NEEDLESS = frozenset(
    ("api_url", "site_url", "help_label", "page", "token", "class", "id", "style", "x", "y")
)
"""Where the old map found its own parts, or what its page looked like: nothing to carry over."""
REGIONS = {
    "auvergne-rhone-alpes": "84",
    "bourgogne-franche-comte": "27",
    "bretagne": "53",
    "centre-val-de-loire": "24",
    "corse": "94",
    "grand-est": "44",
    "guadeloupe": "01",
    "guyane": "03",
    "hauts-de-france": "32",
    "ile-de-france": "11",
    "la-reunion": "04",
    "martinique": "02",
    "mayotte": "06",
    "normandie": "28",
    "nouvelle-aquitaine": "75",
    "occitanie": "76",
    "pays-de-la-loire": "52",
    "provence-alpes-cote-d-azur": "93",
}
"""As the addresses of the national map name them: `/{region}/{departement}/lieux`."""
ADDRESS = re.compile(
    r"(?:https?:)?//[\w.-]+(?::\d+)?(?:[/?#].*)?"
    r"|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#].*)?"  # from a bar that hides how it begins
    r"|/(?!/).*",
    re.IGNORECASE | re.DOTALL,
)
METRES_PER_PIXEL_Z0 = 156_543
HALF_A_MAP_PX = 300


@dataclass
class Converted:
    pairs: Pairs = field(default_factory=list[tuple[str, str]])
    notes: list[str] = field(default_factory=list[str])
    """One sentence for each thing that was not carried over."""
    name: str = ""
    """Of a territory, when only its name was there."""


class _Reader(HTMLParser):
    """The attributes of the old element, or the address of the old frame."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: Pairs | None = None
        self.address: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = [(name, value or "") for name, value in attrs]
        if ELEMENT.fullmatch(tag):
            self.attributes = [*(self.attributes or []), *given]
        elif tag in ("iframe", "a") and self.address is None:
            self.address = dict(given).get("src") or dict(given).get("href")


def convert(code: str) -> Converted | None:
    """None when nothing in `code` is an embed that we know."""
    reader = _Reader()
    reader.feed(_straight(code))
    reader.close()
    address = reader.address or code.strip()
    if reader.attributes is not None:
        given = reader.attributes
    elif ADDRESS.fullmatch(address):
        if not address.startswith(("http:", "https:", "/")):
            address = f"//{address}"
        given = parse_qsl(urlsplit(address).query)
    else:
        return None
    named = [(_plain(name), value.strip()) for name, value in given if value.strip()]
    found = _converted(named)
    if reader.attributes is None:
        _path(urlsplit(address).path.strip("/"), found)
    if not found.pairs and not found.name:
        found.notes.insert(
            0,
            "Rien n’a été repris de cette carte : choisissez votre territoire dans le formulaire.",
        )
    return found


def _straight(code: str) -> str:
    """The code as it was before an editor showed it as a text, or a mail made its quotes round."""
    if "<" not in code and "&lt;" in code:
        code = html.unescape(code)
    return code if '"' in code else re.sub("[“”„]", '"', code)


def _path(path: str, found: Converted) -> None:
    region, _, rest = path.partition("/")
    departement = rest.removesuffix("lieux").strip("/")
    has_territory = any(name == "territoire" for name, _ in found.pairs)
    if region in REGIONS and "/" not in departement:
        if has_territory:
            return
        if departement:
            found.name = departement
        else:
            found.pairs.append(("territoire", f"region:{REGIONS[region]}"))
    elif path and not found.pairs and path not in ("widget", "embed", "lieux"):
        found.notes.append(f"L’adresse « /{path} » désigne peut-être un territoire.")


def _plain(name: str) -> str:
    return name.lower().removesuffix("[]").replace("-", "_")


def _converted(given: Pairs) -> Converted:
    found = Converted()
    values: dict[str, list[str]] = {}
    for name, value in given:
        values.setdefault(name, []).append(value)
    _territories(values, found)
    _point(values, found)
    for name, texts in values.items():
        if name in LISTED:
            _listed(LISTED[name], texts, found)
        elif name in SAME:
            found.pairs.append((SAME[name], texts[0]))
        elif name in YES:
            if texts[0] not in ("false", "0", "non"):
                found.pairs.append((YES[name], "oui"))
        elif name in MOMENTS:
            if any(name == "ouvert" for name, _ in found.pairs):
                found.notes.append("Un seul moment d’ouverture est repris.")
            else:
                found.pairs.append(("ouvert", MOMENTS[name]))
        elif name.startswith("matomo"):
            found.notes.append(
                "La mesure d’audience Matomo n’est pas reprise : cette carte ne suit personne."
            )
        elif name not in NEEDLESS:
            found.notes.append(f"« {name} = {texts[0]} » n’a pas d’équivalent ici.")
    found.notes = list(dict.fromkeys(found.notes))
    return found


def _territories(values: dict[str, list[str]], found: Converted) -> None:
    kind = values.pop("territoire_type", ["departements"])[0]
    codes = [code for text in values.pop("territoires", []) for code in re.split(r"[^\w]+", text)]
    codes += values.pop("code_commune", []) if not codes else []
    if codes and kind not in TERRITORIES:
        found.notes.append(f"Le type de territoire « {kind} » n’est pas connu.")
        return
    type_ = TERRITORIES.get(kind, "commune")
    for code in codes:
        if code:
            # without a type, five characters are a commune
            one = "commune" if len(code) == 5 and type_ == "departement" else type_
            found.pairs.append(("territoire", f"{one}:{code.upper()}"))


def _point(values: dict[str, list[str]], found: Converted) -> None:
    lat, lon = values.pop("latitude", None), values.pop("longitude", None)
    zoom, distance = values.pop("zoom", None), values.pop("distance", None)
    if lat is None or lon is None:
        return
    if any(name == "territoire" for name, _ in found.pairs):
        found.notes.append("Le centre de l’ancienne carte n’est pas repris : le territoire suffit.")
        return
    try:
        north, east = (float(text[0].replace(",", ".")) for text in (lat, lon))
        radius_km = (
            float(distance[0]) if distance else _radius_km(north, float((zoom or ["11"])[0]))
        )
    except (ValueError, OverflowError):
        found.notes.append("Le centre de l’ancienne carte n’a pas pu être lu.")
        return
    found.pairs += [("lon", f"{east:g}"), ("lat", f"{north:g}"), ("rayon", f"{radius_km:g}")]


def _radius_km(lat: float, zoom: float) -> float:
    """What half of a usual map shows at this zoom, between 1 km and the most that we search."""
    metres = METRES_PER_PIXEL_Z0 * math.cos(math.radians(lat)) / 2**zoom * HALF_A_MAP_PX
    return float(max(1, min(RADIUS_MAX_KM, round(metres / 1000))))


def _listed(name: str, texts: list[str], found: Converted) -> None:
    listed = CATEGORIES[name][1]
    for text in texts:
        parts = [text] if read_value(listed, text) else re.split(r"\s*[|;,]\s*", text)
        for part in parts:
            if read_value(listed, part):
                found.pairs.append((name, slug(part)))
            elif part:
                found.notes.append(f"« {part} » n’est pas dans la liste « {name} ».")
