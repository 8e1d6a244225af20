"""`geoservice import`, as somebody types it."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from geoservice.db.server import Server
from geoservice.imports import commands, telling
from geoservice.imports.report import Rejection, Report, write
from tests.imports.conftest import CELLS, Base, rows


@pytest.fixture
def app(base: Base, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("GEOSERVICE_DATABASE_URL", Server.conninfo(base.server.owner))
    monkeypatch.setenv("GEOSERVICE_DATA_DIR", str(base.folder))
    monkeypatch.setattr("geoservice.imports.commands.run_import", _in(base))
    app = typer.Typer()
    app.callback()(lambda: None)
    commands.add_to(app)
    return app


def _in(base: Base):
    def run(server: Server, name: str, origin: str | None, **options: object) -> Report:
        from geoservice.imports.runs import run_import

        return run_import(server, name, origin, sources=base.folder, **options)  # pyright: ignore[reportArgumentType] - as the command calls it

    return run


def typed(app: typer.Typer, *words: str) -> Result:
    return CliRunner().invoke(app, ["import", *words])


def test_an_import_tells_what_it_did(app: typer.Typer, base: Base) -> None:
    result = typed(app, "essai", str(base.file(rows(3))))

    assert result.exit_code == 0
    assert "3 lieux nouveaux" in " ".join(result.stdout.split())


def test_a_machine_is_answered_in_json(app: typer.Typer, base: Base) -> None:
    result = typed(app, "essai", str(base.file(rows(3))), "--json")

    answer = json.loads(result.stdout)
    assert (answer["nouveaux"], answer["essai"]) == (3, False)


def test_a_trial_shows_the_first_new_place_as_it_would_be(app: typer.Typer, base: Base) -> None:
    result = typed(app, "essai", str(base.file(rows(2))), "--dry-run")

    told = " ".join(result.stdout.split())
    assert "Le premier lieu nouveau" in told
    assert "3 rue de l’Essai" in told
    assert "Lieu 1" in told


def test_a_trial_shows_each_field_that_would_change(app: typer.Typer, base: Base) -> None:
    base.run(rows(3))

    result = typed(app, "essai", str(base.file(rows(3, adresse="9 rue Neuve"))), "--dry-run")

    assert "3 rue de l’Essai" in result.stdout
    assert "9 rue Neuve" in result.stdout
    assert base.query("SELECT DISTINCT address FROM places") == [("3 rue de l’Essai",)]


def test_a_failure_says_why_and_stops_the_script_that_called_it(
    app: typer.Typer, base: Base
) -> None:
    result = typed(app, "essai", str(base.file("[{")), "--json")

    assert result.exit_code == 1
    assert "n’est pas du JSON correct" in json.loads(result.stdout)["erreur"]


def test_a_report_is_written_in_json_and_in_csv(app: typer.Typer, base: Base) -> None:
    bad = [*rows(3), CELLS | {"id": "4", "date_maj": "demain", "services": "Jardinage"}]

    typed(
        app,
        "essai",
        str(base.file(bad)),
        "--dry-run",
        "--report",
        str(base.folder / "rapport.json"),
    )

    whole = json.loads((base.folder / "rapport.json").read_text(encoding="utf-8"))
    with (base.folder / "rapport.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert whole["resume"]["valeurs_refusees"] == 2
    assert len(whole["details"]) == len(lines)
    refusals = {
        (line["ligne"], line["champ"], line["avant"], line["motif"])
        for line in lines
        if line["quoi"] == "refus"
    }
    assert refusals == {
        ("4", "date_maj", "demain", "n’est pas une date"),
        ("4", "services", "Jardinage", "mot inconnu, dans la colonne « services »"),
    }


def test_a_report_opened_in_a_spreadsheet_runs_nothing(tmp_path: Path) -> None:
    report = Report(source="essai", origin="x", dry_run=True)
    report.notes.rejections.append(
        Rejection(1, "1", "name", "=cmd()", "ressemble à une formule de tableur")
    )

    _, as_csv = write(report, tmp_path / "rapport.json")

    assert ",'=cmd()," in as_csv.read_text(encoding="utf-8-sig")


def test_a_source_cannot_play_with_the_terminal() -> None:
    from rich.console import Console

    report = Report(source="essai", origin="x", dry_run=True)
    report.notes.reject(1, "1", "name", "\x1b[31m[bold]rouge[/bold]", "pour voir")
    console = Console(record=True, width=200, file=open("/dev/null", "w"))  # noqa: SIM115

    telling.tell(report, console)

    assert "[bold]rouge[/bold]" in console.export_text()
    assert "\x1b" not in console.export_text()
    console.file.close()


def test_a_report_that_cannot_be_written_does_not_hide_that_the_import_is_done(
    app: typer.Typer, base: Base
) -> None:
    (base.folder / "rapport.json").mkdir()

    result = typed(
        app, "essai", str(base.file(rows(3))), "--report", str(base.folder / "rapport.json")
    )

    told = " ".join(result.stderr.split())
    assert result.exit_code == 1
    assert "L’import est fait, mais sans rapport." in told
    assert "c’est un dossier" in told
    assert not (base.folder / "rapport.csv").exists()


def test_a_report_is_written_when_the_import_is_refused(app: typer.Typer, base: Base) -> None:
    most = [row | {"nom": "" if n else "Lieu"} for n, row in enumerate(rows(5))]

    result = typed(
        app, "essai", str(base.file(most)), "--dry-run", "--report", str(base.folder / "r.json")
    )

    assert result.exit_code == 1
    whole = json.loads((base.folder / "r.json").read_text(encoding="utf-8"))
    assert [line["motif"] for line in whole["details"] if line["quoi"] == "refus"] == [
        "lieu sans nom"
    ] * 4
