"""From French text to OSM opening hours: `read` a text, `read_week` seven columns."""

from french_hours.reading.answers import Context, Reading, Refusal, UnreadableContext
from french_hours.reading.columns import read_week
from french_hours.reading.reader import read

__all__ = ["Context", "Reading", "Refusal", "UnreadableContext", "read", "read_week"]
