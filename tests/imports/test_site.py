"""The pages of imports: who may open them, what they tell of a run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from geoservice.db.server import Server
from geoservice.imports.problems import ImportProblem
from geoservice.imports.runs import run_import
from tests.auth.conftest import Site, build, service
from tests.imports.conftest import MAPPING, rows

__all__ = ["build", "service"]


EVERYTHING = "TRUNCATE accounts, sign_in_counts, outgoing_mails, source_records, places, import_runs, sources, jobs.procrastinate_jobs CASCADE"


@pytest.fixture
def base(imports_server: Server) -> Iterator[Server]:
    """The database of imports, as the application takes it."""
    engine = create_engine(imports_server.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(EVERYTHING))
    yield imports_server
    with engine.begin() as connection:
        connection.execute(text(EVERYTHING))
    engine.dispose()


@pytest.fixture
def imported(service: Site, tmp_path: Path) -> int:
    """A run of two places, one of which has a wrong mail and a wrong date."""
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "mapping.toml").write_text(MAPPING + 'emails = { from = "mail" }\n', encoding="utf-8")
    said = [row | {"mail": "awa chez exemple"} for row in rows(2)]
    said[1] |= {"mail": "contact@exemple.fr", "date_maj": "hier"}
    file = tmp_path / "lieux.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    run_import(service.base, "essai", str(file), sources=tmp_path, reference=tmp_path)
    [[run]] = service.sql("SELECT max(id) FROM import_runs")
    return run


def test_only_coordinators_and_moderators_read_imports(service: Site, imported: int) -> None:
    service.account("awa@exemple.fr", "member")
    service.account("bo@exemple.fr", "coordinator")

    for path in ("/imports", f"/imports/{imported}"):
        assert service.visitor().get(path).headers["location"].startswith("/connexion")
        assert service.sign_in("awa@exemple.fr").get(path).status_code == 403
        assert service.sign_in("bo@exemple.fr").get(path).status_code == 200


def test_a_run_tells_what_came_and_what_was_refused(service: Site, imported: int) -> None:
    service.account("bo@exemple.fr", "moderator")
    bo = service.sign_in("bo@exemple.fr")
    page = bo.get(f"/imports/{imported}").text

    assert "2\xa0lieux nouveaux" in page
    assert "n’est pas une date" in page
    assert "dans le fichier\xa0: hier" in page
    assert "n’est pas une adresse de courriel" in page
    assert "awa chez exemple" not in page
    assert "Essai" in bo.get("/imports").text
    assert bo.get("/imports/999999999").status_code == 404


def test_an_import_that_was_refused_is_told_with_its_reason(
    service: Site, imported: int, tmp_path: Path
) -> None:
    empty = tmp_path / "vide.json"
    empty.write_text("[]", encoding="utf-8")
    with pytest.raises(ImportProblem):
        run_import(service.base, "essai", str(empty), sources=tmp_path, reference=tmp_path)
    service.account("bo@exemple.fr", "moderator")
    bo = service.sign_in("bo@exemple.fr")

    listed = bo.get("/imports").text
    [[run]] = service.sql("SELECT max(id) FROM import_runs")
    page = bo.get(f"/imports/{run}").text

    assert "n’a aucune ligne" in listed
    assert f'href="/imports/{imported}" aria-label="Dernier import' in listed
    assert "Cet import a été refusé" in page
    assert "n’a aucune ligne" in page
    assert "Tout a été lu" not in page
