"""The language of OSM's `opening_hours` tag: from characters to rules."""

from french_hours.grammar.rules import lacks_times, parse

__all__ = ["lacks_times", "parse"]
