"""French opening hours: OSM syntax, plain French, and the calendar of every French territory."""

from french_hours.badge import UNKNOWN_HOURS, badge
from french_hours.calendars import Calendar, SchoolHoliday, UnknownTerritory, calendar_of
from french_hours.faults import Fault, InvalidHours, Kind
from french_hours.hours import Change, Hours, Moment, Span
from french_hours.ics import ics
from french_hours.validation import check
from french_hours.verdicts import State
from french_hours.week import Day, week_table
from french_hours.wording import say

__all__ = [
    "UNKNOWN_HOURS",
    "Calendar",
    "Change",
    "Day",
    "Fault",
    "Hours",
    "InvalidHours",
    "Kind",
    "Moment",
    "SchoolHoliday",
    "Span",
    "State",
    "UnknownTerritory",
    "badge",
    "calendar_of",
    "check",
    "ics",
    "say",
    "week_table",
]
