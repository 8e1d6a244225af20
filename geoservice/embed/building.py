"""From the form of /integrer to the code to copy: understood as far as it can be, faults told."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncConnection

from geoservice.clock import now, today
from geoservice.embed import snippets
from geoservice.embed.appearance import DARK, FIELDS, LIGHT, NAMES, Appearance
from geoservice.embed.asked import Asked, Pairs
from geoservice.embed.converting import convert
from geoservice.embed.pages import Chosen, Correction, Edited, IntegratePage, Made
from geoservice.search import answers, form
from geoservice.search.answers import Resolved
from geoservice.search.pages import heading_of
from geoservice.settings import Settings
from geoservice.territories.address import locate
from geoservice.web.problems import WrongQuestion
from geoservice.web.typography import number

BUILDER = "/integrer"
OLD_CODE_MAX = 4_000
COLOURS = (
    ("couleur", "Liens et boutons"),
    ("couleur_texte", "Texte"),
    ("couleur_fond", "Fond"),
)
NOT_SAVED = ("nom", "ancien", "hauteur", "integration", "visite", "lang")
"""What only the form of the builder says, or an embedded page."""
IN_WORDS = {"couleur": "La couleur des liens et des boutons", "couleur_texte": "La couleur du texte"}  # fmt: skip


@dataclass
class _Draft:
    pairs: Pairs
    typed: str = ""
    old_code: str = ""
    height: int = snippets.HEIGHT_DEFAULT
    notes: list[str] = field(default_factory=list[str])
    mistakes: list[str] = field(default_factory=list[str])


async def build(
    db: AsyncConnection, given: Pairs, settings: Settings, embed: Edited | None = None
) -> IntegratePage:
    """`embed` is the saved one that is changed, or None for a new one."""
    action = embed.change if embed else BUILDER
    draft = _read(given)
    if draft.typed:
        await _add_territory(db, draft, settings)
    asked, resolved = await _understood(db, draft, settings)
    corrections = _corrections(asked, action)
    done = None
    if not draft.mistakes and not corrections:
        done = made(asked, resolved, settings, draft.height)
    shown = {*NAMES, "territoire", "services"}
    return IntegratePage(
        action=action,
        embed=embed,
        look=asked.look,
        form=form.of(resolved, today()),
        territories=tuple(Chosen(f"{row.type}:{row.code}", row.name) for row in resolved.territories),
        colours=_colours(asked.look),
        height=draft.height,
        typed=draft.typed,
        old_code=draft.old_code,
        notes=tuple(draft.notes),
        mistakes=tuple(draft.mistakes),
        corrections=corrections,
        kept=tuple(pair for pair in asked.pairs if pair[0] not in shown),
        made=done,
    )  # fmt: skip


def _read(given: Pairs) -> _Draft:
    own = {name: value.strip() for name, value in given if name in ("nom", "ancien", "hauteur")}
    draft = _Draft(
        [(name, value) for name, value in given if name not in NOT_SAVED],
        typed=own.get("nom", ""),
        old_code=own.get("ancien", "")[:OLD_CODE_MAX],
    )
    if draft.old_code:
        converted = convert(draft.old_code)
        if converted is None:
            draft.mistakes.append(
                "Nous n’avons pas reconnu cet ancien code. Collez-le en entier, de « < » à « > », ou collez l’adresse de l’ancienne carte."
            )
        else:
            draft.notes = converted.notes
            replaced = {name for name, _ in converted.pairs}
            draft.pairs = [pair for pair in draft.pairs if pair[0] not in replaced]
            draft.pairs += converted.pairs
            draft.typed = converted.name or draft.typed
    if text := own.get("hauteur"):
        try:
            height = int(text)
        except ValueError:
            height = 0
        if snippets.HEIGHT_MIN <= height <= snippets.HEIGHT_MAX:
            draft.height = height
        else:
            draft.mistakes.append(
                f"La hauteur est un nombre de pixels entre {snippets.HEIGHT_MIN} et {number(snippets.HEIGHT_MAX)}."
            )
    draft.pairs = _without_defaults(draft.pairs)
    return draft


def _without_defaults(pairs: Pairs) -> Pairs:
    """A form sends every field: what is the default stays out of the code to copy."""
    theme = next((value for name, value in pairs if name == "theme"), "clair")
    base = DARK if theme == "sombre" else LIGHT
    colours = {name: str(colour) for (name, _), colour in zip(COLOURS, base, strict=True)}
    # those of the other theme were shown before the theme was changed: nobody chose them
    other = LIGHT if theme == "sombre" else DARK
    others = {name: str(colour) for (name, _), colour in zip(COLOURS, other, strict=True)}
    usual = {"theme": "clair", "carte": "clic", "fond": "plan"}
    kept = [
        (name, value.lstrip("#") if name in colours else value)
        for name, value in pairs
        if value.strip()
        and value.lower() not in (colours.get(name), others.get(name))
        and usual.get(name) != value
    ]
    shown = {value for name, value in kept if name == "filtres"}
    if shown >= set(FIELDS):
        kept = [pair for pair in kept if pair[0] != "filtres"]
    elif shown & set(FIELDS):  # «aucun» is sent by the form, whatever is ticked
        kept = [pair for pair in kept if pair != ("filtres", "aucun")]
    return kept


async def _add_territory(db: AsyncConnection, draft: _Draft, settings: Settings) -> None:
    try:
        located = await locate(db, draft.typed, settings)
    except WrongQuestion as wrong:
        draft.mistakes.append(" ".join(fault.message for fault in wrong.faults))
        return
    named = located.territory or (("commune", located.commune) if located.commune else None)
    if named:
        value = f"{named[0]}:{named[1]}"
        if ("territoire", value) not in draft.pairs:
            draft.pairs.append(("territoire", value))
        if located.others:
            draft.notes.append(
                f"Nous avons compris « {located.label} ». Il y a aussi : {', '.join(located.others)}."
            )
        draft.typed = ""


async def _understood(
    db: AsyncConnection, draft: _Draft, settings: Settings
) -> tuple[Asked, Resolved]:
    """What was asked; without its wrong parameters, which are told."""
    pairs = draft.pairs
    for _ in range(3):  # parameters, then names that nobody knows
        try:
            asked = Asked.parse(pairs)
            return asked, await answers.resolve(db, asked.query, settings, now())
        except WrongQuestion as wrong:
            draft.mistakes += [fault.message for fault in wrong.faults]
            names = {fault.parameter for fault in wrong.faults}
            pairs = [pair for pair in pairs if pair[0] not in names]
    asked = Asked.parse([])
    return asked, await answers.resolve(db, asked.query, settings, now())


def _corrections(asked: Asked, action: str) -> tuple[Correction, ...]:
    return tuple(
        Correction(
            f"{IN_WORDS[one.parameter]} ne se lit pas assez bien sur le fond : contraste de {number(int(one.ratio * 10) / 10)}, il faut 4,5 au moins.",
            str(one.instead),
            asked.address(action, **{one.parameter: str(one.instead).lstrip("#")}),
        )
        for one in asked.look.unreadable()
    )


def _colours(look: Appearance) -> tuple[tuple[str, str, str], ...]:
    base = DARK if look.theme == "sombre" else LIGHT
    chosen = (look.main, look.ink, look.paper)
    return tuple(
        (name, label, str(mine or usual))
        for (name, label), mine, usual in zip(COLOURS, chosen, base, strict=True)
    )


def title_of(asked: Asked, resolved: Resolved) -> str:
    return asked.look.title or heading_of(resolved)


def made(
    asked: Asked,
    resolved: Resolved,
    settings: Settings,
    height: int = snippets.HEIGHT_DEFAULT,
) -> Made:
    title = title_of(asked, resolved)
    return Made(
        title=title,
        preview=asked.preview,
        element=snippets.element(asked, title, settings.site),
        code=snippets.code(asked, title, settings.site, height),
        address=settings.site + asked.code_address(),
        link=settings.site + asked.query.address("/lieux"),
        question=urlencode(asked.pairs),
    )
