"""The description of the API as a page: what /api/openapi.json says, for people who read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KINDS = {
    "string": "texte",
    "integer": "nombre entier",
    "number": "nombre",
    "boolean": "vrai ou faux",
    "object": "objet",
    "array": "liste",
}
FORMATS = {"date": "date", "date-time": "date et heure"}
ANSWER_TYPES = {"application/json": "JSON", "application/geo+json": "GeoJSON", "text/csv": "CSV"}

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """What a value is: «liste de Lieu», where «Lieu» is described on the same page."""

    words: str
    shape: str = ""
    """Name of the shape that the words end with."""


@dataclass(frozen=True)
class Item:
    """A parameter of a question, or a field of an answer."""

    name: str
    kind: Kind
    sentence: str
    is_required: bool = False
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    path: str
    title: str
    sentence: str
    can_be_tried: bool
    """It answers as it is, with nothing to fill in."""
    parameters: tuple[Item, ...]
    answers: tuple[tuple[str, Kind | None], ...]
    """The format, and what it holds when the format is JSON."""


@dataclass(frozen=True)
class Group:
    title: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Shape:
    name: str
    fields: tuple[Item, ...]


@dataclass(frozen=True)
class Reference:
    title: str
    groups: tuple[Group, ...]
    shapes: tuple[Shape, ...]

    @classmethod
    def of(cls, document: Schema) -> "Reference":
        """Of an OpenAPI 3.1 document whose operations are all GET and have one tag each."""
        groups: dict[str, list[Operation]] = {}
        for path, methods in document["paths"].items():
            told = methods["get"]
            groups.setdefault(told["tags"][0], []).append(_operation(path, told))
        shapes = document["components"]["schemas"]
        return cls(
            "L’API des lieux de médiation numérique",
            tuple(Group(title, tuple(told)) for title, told in groups.items()),
            tuple(Shape(name, tuple(_fields(schema))) for name, schema in shapes.items()),
        )


def _operation(path: str, told: Schema) -> Operation:
    answers: Schema = told["responses"]["200"].get("content", {})
    return Operation(
        path,
        told["summary"],
        told.get("description", ""),
        not any(parameter["required"] for parameter in told.get("parameters", ())),
        tuple(
            Item(
                parameter["name"],
                _kind(parameter["schema"]),
                parameter.get("description", ""),
                parameter["required"],
                _accepted(parameter["schema"]),
            )
            for parameter in told.get("parameters", ())
        ),
        tuple(
            (ANSWER_TYPES.get(media_type, media_type), _kind(answer["schema"]) if answer else None)
            for media_type, answer in answers.items()
        ),
    )


def _fields(schema: Schema) -> Iterator[Item]:
    required = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        yield Item(
            name, _kind(told), told.get("description", ""), name in required, _accepted(told)
        )


def _kind(schema: Schema) -> Kind:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Kind(name, name)
    if "anyOf" in schema:
        choices = [_kind(one) for one in schema["anyOf"] if one.get("type") != "null"]
        kind = choices[0] if len(choices) == 1 else Kind(" ou ".join(c.words for c in choices))
        can_be_null = len(choices) < len(schema["anyOf"])
        return Kind(f"null ou {kind.words}", kind.shape) if can_be_null else kind
    if schema.get("type") == "array" and schema.get("items"):
        held = _kind(schema["items"])
        return Kind(f"liste : {held.words}", held.shape)
    told = FORMATS.get(schema.get("format", "")) or KINDS.get(schema.get("type", ""), "valeur")
    return Kind(told)


def _accepted(schema: Schema) -> tuple[str, ...]:
    return tuple(map(str, schema.get("enum") or schema.get("items", {}).get("enum", ())))
