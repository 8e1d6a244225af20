"""What search engines are told: every page that stays, and nothing of what changes with each question."""

import urllib.robotparser
from xml.etree import ElementTree as ET

import httpx
from sqlalchemy import Connection, Engine, text

from geoservice.sitemap import queries
from tests.tiles_http.makers import add_place

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def addresses(address: str) -> list[str]:
    answer = httpx.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    return [found.text or "" for found in ET.fromstring(answer.content).iter(LOC)]  # noqa: S314 - ours


def test_the_index_leads_to_every_place(site: str, engine: Engine) -> None:
    with engine.connect() as db:
        ids = db.execute(text("SELECT public_id FROM public_view.places")).scalars().all()

    files = addresses(f"{site}/sitemap.xml")
    listed = [page for file in files if "/lieux-" in file for page in addresses(file)]

    assert ids
    assert sorted(listed) == sorted(f"{site}/lieux/{public_id}" for public_id in ids)


def test_pages_and_territories_that_are_listed_answer(site: str) -> None:
    files = addresses(f"{site}/sitemap.xml")
    pages = addresses(next(file for file in files if file.endswith("/pages.xml")))
    territories = addresses(next(file for file in files if "/territoires-0" in file))

    for page in [*pages, *territories[:3], territories[-1]]:
        answer = httpx.get(page)
        assert answer.status_code == 200, page
        assert 'content="noindex' not in answer.text, page


def test_a_file_that_does_not_exist_is_not_found(site: str) -> None:
    for name in ("lieux-99999", "lieux--1", "territoires-9", "territoires--1"):
        assert httpx.get(f"{site}/sitemap/{name}.xml").status_code == 404


def test_a_place_stays_in_its_file_whatever_comes_and_goes(db: Connection) -> None:
    for rank in range(3):
        add_place(db, f"plan{rank}", 6.2, 44.1)
    first, _, last = (row.id for row in db.execute(text("SELECT id FROM places ORDER BY id")))

    kept = db.execute(queries.places_between(first + 1, last)).all()

    assert [row.public_id for row in kept] == ["plan1", "plan2"]


def test_robots_read_places_and_no_list_of_answers(site: str) -> None:
    rules = urllib.robotparser.RobotFileParser()
    lines = httpx.get(f"{site}/robots.txt").text.splitlines()
    rules.parse(lines)

    assert rules.site_maps() == [f"{site}/sitemap.xml"]
    for path in ("/", "/lieux", "/lieux/3vy5k2n8", "/territoires/departement/07", "/mediateurs/x"):
        assert rules.can_fetch("*", site + path), path
    for path in ("/lieux.csv", "/moi/fiche", "/modifier/abc", "/tuiles/lieux/1/0/0.mvt"):  # fmt: skip
        assert not rules.can_fetch("*", site + path), path
    assert "Disallow: /lieux?*" in lines  # Python's reader knows no such star
