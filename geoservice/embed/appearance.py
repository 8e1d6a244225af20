"""How a map looks on somebody else's site: the parameters beside the question, parsed once, here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import urlencode, urlsplit

from geoservice.embed.colours import TEXT_RATIO, Colour, Palette, contrast, readable
from geoservice.mail.message import WrongAddress, read_address
from geoservice.web.problems import Fault

TITLE_MAX = 120
ADDRESS_MAX = 500

Theme = Literal["clair", "sombre", "auto"]
MapWhen = Literal["clic", "visible", "aucune"]

THEMES: tuple[Theme, ...] = ("clair", "sombre", "auto")
MAPS: tuple[MapWhen, ...] = ("clic", "visible", "aucune")
BASEMAPS = ("plan", "aucun")
COLOURS = ("theme", "couleur", "couleur_texte", "couleur_fond")
VISITS = ("recherche", "page")
FIELDS = ("ou", "ouvert", "permanence", "services")
LANGUAGES = ("fr",)

NAMES = (
    "titre", "theme", "couleur", "couleur_texte", "couleur_fond", "fond", "carte", "filtres",
    "logo", "aide", "lang", "integration", "visite",
)  # fmt: skip

LIGHT = (Colour.parse("0b5f58"), Colour.parse("1c2528"), Colour.parse("ffffff"))
DARK = (Colour.parse("79d2c6"), Colour.parse("eeece5"), Colour.parse("12181a"))
"""Main colour, ink and paper of those who choose none."""

_PHONE = re.compile(r"\+?[0-9][0-9 .]{2,19}")


@dataclass(frozen=True)
class Unreadable:
    """A chosen colour that does not stand out enough, and the nearest one that does."""

    parameter: str
    given: Colour
    ratio: float
    instead: Colour


@dataclass(frozen=True)
class Appearance:
    title: str | None = None
    theme: Theme = "clair"
    main: Colour | None = None
    ink: Colour | None = None
    paper: Colour | None = None
    basemap: bool = True
    map_when: MapWhen = "clic"
    fields: tuple[str, ...] = FIELDS
    """What visitors may choose."""
    logo: str | None = None
    """https address of an image."""
    help: str | None = None
    """Where to ask for help: a mail, a phone number or an https address."""
    raw: tuple[tuple[str, str], ...] = field(default=())
    """As it was given, empty parameters left out."""

    @property
    def palettes(self) -> tuple[Palette, Palette | None]:
        """What is shown, and what is shown instead to those who prefer dark pages."""
        if self.theme == "sombre":
            return self._palette(*DARK), None
        dark = Palette.of(self.main or DARK[0], DARK[1], DARK[2])
        return self._palette(*LIGHT), dark if self.theme == "auto" else None

    def _palette(self, main: Colour, ink: Colour, paper: Colour) -> Palette:
        return Palette.of(self.main or main, self.ink or ink, self.paper or paper)

    def unreadable(self) -> tuple[Unreadable, ...]:
        """The chosen colours that would be corrected. Dark pages adapt by themselves."""
        base = DARK if self.theme == "sombre" else LIGHT
        paper = self.paper or base[2]
        chosen = (("couleur", self.main), ("couleur_texte", self.ink))
        found = [
            Unreadable(name, colour, contrast(colour, paper), readable(colour, [paper]))
            for name, colour in chosen
            if colour and contrast(colour, paper) < TEXT_RATIO
        ]
        if self.paper and not self.ink and contrast(base[1], paper) < TEXT_RATIO:
            found.append(
                Unreadable("couleur_texte", base[1], contrast(base[1], paper), readable(base[1], [paper]))
            )  # fmt: skip
        return tuple(found)

    @property
    def style(self) -> str:
        """The chosen colours, as a style sheet."""
        shown, dark = self.palettes
        text = _rule(shown.properties(), "dark" if self.theme == "sombre" else "light")
        if dark:
            inner = _rule(dark.properties(), "dark")
            text += f"@media screen and (prefers-color-scheme: dark) {{\n{inner}}}\n"
        return text

    @property
    def styled(self) -> bool:
        """Whether any of them was chosen."""
        return any(name in COLOURS for name, _ in self.raw)

    @property
    def style_address(self) -> str:
        """Of that style sheet."""
        kept = [pair for pair in self.raw if pair[0] in COLOURS]
        return "/embed/couleurs.css" + ("?" + urlencode(kept) if kept else "")

    @property
    def logo_origin(self) -> str | None:
        if self.logo is None:
            return None
        parts = urlsplit(self.logo)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def help_address(self) -> str | None:
        """Of the link."""
        if self.help is None or self.help.startswith("https://"):
            return self.help
        if "@" in self.help:
            return f"mailto:{self.help}"
        return "tel:" + re.sub(r"[ .]", "", self.help)


def _rule(properties: dict[str, str], scheme: str) -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f".cm {{\n  color-scheme: {scheme};\n{lines}}}\n"


def split(
    pairs: Iterable[tuple[str, str]],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What says how it looks, and the rest: the question."""
    look: list[tuple[str, str]] = []
    question: list[tuple[str, str]] = []
    for name, value in pairs:
        if value.strip():
            (look if name in NAMES else question).append((name, value.strip()))
    return look, question


def read(pairs: Iterable[tuple[str, str]]) -> tuple[Appearance, list[Fault]]:
    """The appearance, and every fault found; what is wrong is left out of it."""
    reader = _Reader(pairs)
    return reader.appearance(), reader.faults


class _Reader:
    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.given: dict[str, list[str]] = {}
        self.faults: list[Fault] = []
        for name, value in pairs:
            self.given.setdefault(name, []).append(value)

    def appearance(self) -> Appearance:
        # there is only one, whatever the country: asking for another is told
        if languages := self.given.get("lang"):
            self.given["lang"] = [one.partition("-")[0].lower() for one in languages]
        self._choice("lang", LANGUAGES)
        self._choice("visite", VISITS)
        return Appearance(
            title=self._text("titre", TITLE_MAX),
            theme=cast("Theme", self._choice("theme", THEMES)),
            main=self._colour("couleur"),
            ink=self._colour("couleur_texte"),
            paper=self._colour("couleur_fond"),
            basemap=self._choice("fond", BASEMAPS) == "plan",
            map_when=cast("MapWhen", self._choice("carte", MAPS)),
            fields=self._fields(),
            logo=self._logo(),
            help=self._help(),
            raw=tuple((name, value) for name, values in self.given.items() for value in values),
        )

    def _fault(self, name: str, message: str, accepted: tuple[str, ...] = ()) -> None:
        self.faults.append(Fault(name, message, accepted))

    def _text(self, name: str, longest: int) -> str | None:
        values = self.given.get(name, [])
        if not values:
            return None
        if len(set(values)) > 1:
            self._fault(name, f"« {name} » ne peut être donné qu’une fois.")
        if "\x00" in values[0] or len(values[0]) > longest:
            self._fault(name, f"« {name} » est trop long : {longest} caractères au plus.")
            return None
        return values[0]

    def _choice(self, name: str, accepted: tuple[str, ...]) -> str:
        value = self._text(name, ADDRESS_MAX)
        if value is not None and value not in accepted:
            self._fault(name, f"« {value} » n’est pas une valeur de « {name} ».", accepted)
        return value if value in accepted else accepted[0]

    def _colour(self, name: str) -> Colour | None:
        value = self._text(name, ADDRESS_MAX)
        try:
            return Colour.parse(value) if value else None
        except ValueError:
            self._fault(
                name,
                f"« {value} » n’est pas une couleur. Écrivez six chiffres ou lettres de A à F, par exemple 0b5f58.",
            )
            return None

    def _fields(self) -> tuple[str, ...]:
        values = self.given.get("filtres")
        if values is None:
            return FIELDS
        for value in values:
            if value not in (*FIELDS, "aucun"):
                self._fault(
                    "filtres", f"« {value} » n’est pas une valeur de « filtres ».", (*FIELDS, "aucun")
                )  # fmt: skip
        return tuple(name for name in FIELDS if name in values)

    def _logo(self) -> str | None:
        value = self._text("logo", ADDRESS_MAX)
        if value is not None and not _is_https(value):
            self._fault("logo", "« logo » doit être l’adresse d’une image, en https://.")
            return None
        return value

    def _help(self) -> str | None:
        value = self._text("aide", ADDRESS_MAX)
        if value is None or _is_https(value) or _PHONE.fullmatch(value):
            return value
        try:
            return read_address(value)
        except WrongAddress:
            self._fault(
                "aide",
                "« aide » doit être une adresse électronique, un numéro de téléphone ou une adresse en https://.",
            )
            return None


def _is_https(value: str) -> bool:
    """Whether it may stand in a link, and its host in a security policy."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    host_is_plain = re.fullmatch(r"[a-z0-9.-]+(:\d+)?", parts.netloc, re.IGNORECASE) is not None
    return parts.scheme == "https" and host_is_plain and not re.search(r"[\s\"'<>\\]", value)
