"""Memory does not grow with what an import has to say."""

import tracemalloc

from geoservice.imports.report import Report, Spool
from geoservice.places.actions import PlaceChange


def test_a_report_of_many_places_takes_no_memory() -> None:
    report = Report(source="essai", origin="x", dry_run=True)
    tracemalloc.start()

    for rank in range(5_000):
        fields = {"description": (None, f"{rank} " + "x" * 400)}
        report.places.append(PlaceChange("new", str(rank), "Lieu", (str(rank),), fields))

    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 500_000  # as a list: 3 million bytes
    assert [place.public_id for place in report.places] == [str(rank) for rank in range(5_000)]


def test_what_a_report_keeps_is_read_and_added_to_in_any_order() -> None:
    spool = Spool[str]()
    spool.append("a")
    spool.append("b")

    assert spool[0] == "a"
    spool.append("c")

    assert (spool[-1], spool[1:], list(reversed(spool))) == ("c", ["b", "c"], ["c", "b", "a"])
