"""What a qualifier speaks of: of all that follows (a heading), or of what it stands beside.

«Vacances scolaires : mardi 10h-12h» is a heading; «mardi 10h-12h pendant les vacances» is not.
"""

from __future__ import annotations

from french_hours.reading.clause import Walk
from french_hours.reading.items import Break, Days, Item, Mark, Period, Times, Words
from french_hours.reading.vocabulary import is_harmless

Qualifier = Period | Mark
_SHARED = ("parity", "rarely", "SCHOOL")
_SHARED_IN_OWN_SENTENCE = ("SH", "MONTHS", "DATES")
_FEW_WORDS = 4
"""Between a heading and its colon: «les horaires des vacances sont les suivants :»."""


def take_qualifier(walk: Walk, item: Qualifier, items: list[Item], at: int) -> None:
    if _heads(walk, item, items, at):
        _open_scope(walk, item, items, at)
    elif _stands_apart(walk, item, items, at):
        walk.text.doubts.add("a qualifier in another sentence", 0.08)
    else:
        _share(walk, item, items[at - 1] if at else None)
        walk.current.body.append(item)


def _heads(walk: Walk, item: Qualifier, items: list[Item], at: int) -> bool:
    clause = walk.current
    if item.kind == "half":
        return False
    if clause.kind != "hours" and clause.empty:
        return False  # «fermé pendant les vacances»
    if clause.waits_for_times and not clause.days_done:
        return False  # «le mardi, sur rendez-vous, de 9h à 12h»
    target, between = _ahead(items, at)
    if target is None or (isinstance(target, Mark) and target.kind == "except"):
        return False
    breaks = [one for one in between if isinstance(one, Break)]
    full_stop = any(one.text in (".", "!") for one in breaks)
    if isinstance(target, Mark):
        # «pendant les vacances : fermé le samedi», but «sur rendez-vous. Fermé le lundi»
        opens = clause.empty or walk.break_level >= 1
        return isinstance(item, Period) and opens and not full_stop
    if isinstance(target, Period):
        return False
    if isinstance(target, Times) and isinstance(item, Mark) and clause.marks(item.kind):
        return False  # «mardi semaine paire 9h-12h, semaine impaire 14h-17h»
    if item.kind == "restricted" and any("\n" not in one.text for one in breaks if one.level >= 3):
        return False
    if breaks and breaks[0].colon:
        return True
    if clause.empty:
        return not full_stop
    if not clause.days:
        return False
    begins = walk.break_level >= 1 or (walk.label and not walk.in_paren)
    # «…12h ; pendant les vacances, du lundi au…»: it goes with what the weaker break joins it to
    listed = any(one.level in (1, 2) and one.level >= walk.break_level for one in breaks)
    return begins and not listed and not full_stop and _its_own_line(between, breaks)


def _its_own_line(between: list[Item], breaks: list[Break]) -> bool:
    """Whether no words follow the heading, or a few and a new line: «Secrétariat présent»."""
    words = len(between) - len(breaks)
    if not words:
        return True
    last = between[-1]
    return words <= _FEW_WORDS and isinstance(last, Break) and "\n" in last.text


def _ahead(items: list[Item], at: int) -> tuple[Item | None, list[Item]]:
    """What the qualifier would be the heading of, and what stands between."""
    between: list[Item] = []
    for item in items[at + 1 :]:
        if isinstance(item, Days | Times):
            return item, between
        if isinstance(item, Mark) and item.kind in ("except", "closed"):
            return item, between
        if isinstance(item, Period) and item.kind != "PH":
            return item, between
        between.append(item)
    return None, between


def _open_scope(walk: Walk, item: Qualifier, items: list[Item], at: int) -> None:
    if not walk.current.empty or walk.current.kind != "hours":
        walk.start()
    name = "period"
    if isinstance(item, Period):
        walk.scope.period = item
    else:
        name = item.kind
        walk.scope.marks[name] = item.value
    walk.heading_used = False
    walk.scope.lasting.discard(name)
    if name == "appointment" or _lasts(item, items, at):
        walk.scope.lasting.add(name)
    walk.current.scope = walk.scope.copy()


def _lasts(item: Qualifier, items: list[Item], at: int) -> bool:
    """Whether the heading has a line of its own or a colon, so that it holds for several lines."""
    target, between = _ahead(items, at)
    following = next((one for one in between if isinstance(one, Break)), None)
    if following is None or isinstance(target, Mark):
        return False  # «vacances scolaires : fermé»
    if between.index(following) > _FEW_WORDS:
        return False
    return "\n" in following.text or (following.colon and item.kind != "restricted")


def _stands_apart(walk: Walk, item: Qualifier, items: list[Item], at: int) -> bool:
    """Whether the qualifier belongs to a sentence that is not about these hours."""
    if walk.sentence_has_hours or item.kind in ("half", "restricted"):
        return False
    if walk.current.kind != "hours":
        return False  # «fermé les jours fériés et en août»
    if walk.sentence_has_words and (not walk.current.empty or isinstance(item, Period)):
        return True
    for after in items[at + 1 :]:
        if isinstance(after, Days | Times) or (isinstance(after, Break) and after.level >= 3):
            return False
        if isinstance(after, Words) and not is_harmless(after.text):
            return not walk.current.empty or isinstance(item, Period)
    return False


def _share(walk: Walk, item: Qualifier, before: Item | None) -> None:
    """«mardi 9h-12h et jeudi 14h-17h, une semaine sur deux»: said of both.

    A comma or semicolon before it, or a sentence of its own, detach it from the last block.
    """
    if not isinstance(before, Break) or walk.in_paren or not walk.current.has_times:
        return
    if before.level >= 3:
        others, kinds = walk.text.clauses, _SHARED + _SHARED_IN_OWN_SENTENCE
    elif before.text in (",", ";"):
        others, kinds = walk.sentence, _SHARED
    else:
        return
    if item.kind not in kinds:
        return
    for clause in others:
        same = [one for one in clause.body if isinstance(one, Qualifier) and one.kind == item.kind]
        if clause.kind == "hours" and not same:
            clause.body.append(item)
            walk.text.doubts.add("a qualifier for several blocks", 0.1)
