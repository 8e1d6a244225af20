"""French opening hours: OSM syntax, plain French, and the calendar of every French territory."""

from french_hours.calendars import Calendar, SchoolHoliday, UnknownTerritory, calendar_of
from french_hours.faults import Fault, InvalidHours, Kind
from french_hours.guard import State
from french_hours.hours import Change, Hours, Moment, Span
from french_hours.validation import check
from french_hours.wording import say

__all__ = [
    "Calendar",
    "Change",
    "Fault",
    "Hours",
    "InvalidHours",
    "Kind",
    "Moment",
    "SchoolHoliday",
    "Span",
    "State",
    "UnknownTerritory",
    "calendar_of",
    "check",
    "say",
]
