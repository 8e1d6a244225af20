"""Documentation that is not executed goes wrong: what can be compared with the code is."""

import re
from pathlib import Path

import pytest

from geoservice.paths import ROOT
from geoservice.tables import ALL_TABLES

DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(ROOT / "docs").rglob("*.md"),
]
GLOSSARY = re.findall(r"^\| ([a-z]+) \|", (ROOT / "docs" / "glossary.md").read_text(), re.MULTILINE)


def singular(word: str) -> str:
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else word.removesuffix("s")


@pytest.mark.parametrize("table", sorted(table.name for table in ALL_TABLES))
def test_every_table_is_named_in_the_glossary(table: str) -> None:
    assert {singular(table.split("_")[0]), table.split("_")[0]} & set(GLOSSARY)


SLICES = [
    folder.name
    for folder in (ROOT / "geoservice").iterdir()
    if (folder / "__init__.py").exists() and folder.name != "migrations"
]


@pytest.mark.parametrize("name", sorted(SLICES))
def test_every_slice_is_named_in_the_glossary(name: str) -> None:
    assert {singular(name), name} & set(GLOSSARY)


@pytest.mark.parametrize("name", sorted(SLICES))
def test_every_slice_is_on_the_map_of_contributing(name: str) -> None:
    assert re.search(rf"\b{name}\b", (ROOT / "CONTRIBUTING.md").read_text())


def test_every_folder_of_the_map_of_contributing_exists() -> None:
    drawn = re.findall(r"^([a-z_.]+/\S*)  ", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)

    assert drawn
    for folder in drawn:
        assert (ROOT / folder).exists(), folder


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_lock_file_names_a_host() -> None:
    for lock in [*ROOT.glob("requirements*.lock"), ROOT / "embed" / "package-lock.json"]:
        assert "https://" not in re.sub(r'"(url|homepage)": "[^"]*"', "", lock.read_text()), (
            lock.name
        )
