"""A reader of vector tiles, as short as tests need it.

Source: https://github.com/mapbox/vector-tile-spec/tree/master/2.1
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Feature:
    properties: dict[str, Any]
    at: tuple[int, int]
    """The first point, in 4096ths of the tile's side, from its north-west corner."""


@dataclass
class LayerRead:
    name: str = ""
    features: list[Feature] = field(default_factory=list[Feature])


def read(tile: bytes) -> dict[str, list[Feature]]:
    """Features by layer."""
    layers = [_layer(value) for number, value in _fields(tile) if number == 3]
    return {layer.name: layer.features for layer in layers}


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                value, at = _varint(data, at)
            case 2:
                length, at = _varint(data, at)
                value, at = data[at : at + length], at + length
            case kind:
                raise ValueError(f"wire type {kind}")
        yield key >> 3, value


def _numbers(packed: bytes) -> list[int]:
    numbers: list[int] = []
    at = 0
    while at < len(packed):
        number, at = _varint(packed, at)
        numbers.append(number)
    return numbers


def _zigzag(number: int) -> int:
    return number >> 1 ^ -(number & 1)


def _value(data: bytes) -> Any:
    [(number, value)] = _fields(data)
    return {
        1: lambda: value.decode(),
        4: lambda: value,
        5: lambda: value,
        6: lambda: _zigzag(value),
    }[number]()


def _layer(data: bytes) -> LayerRead:
    layer, raw = LayerRead(), list[bytes]()
    keys, values = list[str](), list[Any]()
    for number, value in _fields(data):
        match number:
            case 1:
                layer.name = value.decode()
            case 2:
                raw.append(value)
            case 3:
                keys.append(value.decode())
            case 4:
                values.append(_value(value))
            case _:
                pass
    for each in raw:
        parts = dict(_fields(each))
        tags = _numbers(parts.get(2, b""))
        commands = _numbers(parts[4])
        properties = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        layer.features.append(Feature(properties, (_zigzag(commands[1]), _zigzag(commands[2]))))
    return layer
