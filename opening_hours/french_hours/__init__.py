"""French opening hours: OSM syntax, plain French, and the calendar of every French territory."""

from french_hours.badge import UNKNOWN_HOURS, badge
from french_hours.calendars import Calendar, SchoolHoliday, UnknownTerritory, calendar_of
from french_hours.faults import Fault, InvalidHours, Kind
from french_hours.hours import Change, Hours, Moment, Span
from french_hours.ics import Event, calendar_file, ics, uid_of
from french_hours.reading import Context, Reading, Refusal, read, read_week
from french_hours.validation import check
from french_hours.verdicts import State
from french_hours.week import Day, week_table
from french_hours.wording import say

__all__ = [
    "UNKNOWN_HOURS",
    "Calendar",
    "Change",
    "Context",
    "Day",
    "Event",
    "Fault",
    "Hours",
    "InvalidHours",
    "Kind",
    "Moment",
    "Reading",
    "Refusal",
    "SchoolHoliday",
    "Span",
    "State",
    "UnknownTerritory",
    "badge",
    "calendar_file",
    "calendar_of",
    "check",
    "ics",
    "read",
    "read_week",
    "say",
    "uid_of",
    "week_table",
]
