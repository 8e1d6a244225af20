"""The SQL of the tiles: files of `sql/`, each with its contract on top and its values by name."""

import re
from functools import cache
from importlib import resources
from typing import NamedTuple

ALL_PINS = "SELECT * FROM public_view.place_pins"
"""Every place that anyone may see on a map."""
LISTED_PINS = f"{ALL_PINS} WHERE id = ANY (:ids::integer[])"
"""Some of them."""

_NAME = re.compile(r"(?<!:):([a-z][a-z0-9_]*)")


class Prepared(NamedTuple):
    text: str
    """With $1, $2… for the values."""
    names: tuple[str, ...]
    """Of the values, in the order of their numbers."""


@cache
def read(name: str) -> str:
    """The text of `sql/{name}.sql`, its values as «:name», without its comments."""
    text = resources.files("tiles").joinpath("sql", f"{name}.sql").read_text("utf-8")
    return re.sub(r"^\s*--.*\n", "", text, flags=re.MULTILINE)


def over(pins: str, name: str) -> str:
    """The statement `name`, for the places that the statement `pins` selects."""
    return f"WITH pins AS NOT MATERIALIZED ({pins})\n{read(name)}"


def numbered(text: str) -> Prepared:
    """«:name» becomes «$1»: what PostgreSQL prepares."""
    names = tuple(dict.fromkeys(_NAME.findall(text)))
    return Prepared(_NAME.sub(lambda found: f"${names.index(found[1]) + 1}", text), names)
