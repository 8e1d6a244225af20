"""Whatever goes wrong, the terminal says it in French, with what to do."""

import errno
import socket
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from geoservice import cli, terminal
from geoservice.db import cluster, wording
from geoservice.settings import Settings


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, list[str]]:
    told: list[str] = []
    monkeypatch.setattr(sys, "argv", ["geoservice", *words])
    with pytest.raises(SystemExit) as left:
        terminal.run(cli.app, told.append)
    assert isinstance(left.value.code, int)
    return left.value.code, told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nulle-part"], "La commande « nulle-part » n’existe pas."),
        (["territorie"], "La commande « territorie » n’existe pas. Vouliez-vous dire 'territories' ?"),
        (["territories", "load"], "Il manque « origin »."),
        (["demo", "--jso"], "L’option « --jso » n’existe pas. Vouliez-vous dire --json ?"),
        (["demo", "--json=3"], "L’option « --json » n’a pas de valeur."),
        (["demo", "encore"], "« encore » est de trop."),
    ],
)  # fmt: skip
def test_a_wrong_command_is_explained(
    monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    assert run(monkeypatch, *words) == (2, [sentence])


@pytest.mark.parametrize("words", [["--help"], ["territories"], ["demo", "--help"]])
def test_help_has_no_english_in_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    run(monkeypatch, *words)

    told = capsys.readouterr()
    shown = told.out + told.err
    assert "Utilisation : geoservice" in shown
    for english in ("Usage", "Show", "Commands", "COMMAND ", "exit", "Install"):
        assert english not in shown


def test_a_command_that_worked_says_so_to_the_shell(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "hours", "lundi 9h-12h") == (0, [])
    assert "Confiance" in capsys.readouterr().out


def settings_at(host: str, port: int) -> Settings:
    return Settings(_env_file=None, host=host, port=port)  # pyright: ignore[reportCallIssue]


def test_a_taken_port_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(cli.CannotServe, match=f"Le port {port} est déjà utilisé"):
            cli.refuse_taken_port(settings_at("127.0.0.1", port))


def test_an_address_of_another_machine_is_not_a_taken_port() -> None:
    with pytest.raises(cli.CannotServe, match="n’est pas celle de cette machine"):
        cli.refuse_taken_port(settings_at("192.0.2.1", 8000))


def test_a_port_of_the_administrator_is_not_a_taken_port(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)

    with pytest.raises(cli.CannotServe, match="à partir de 1024"):
        cli.refuse_taken_port(settings_at("127.0.0.1", 80))


def test_ipv6_is_an_address_to_listen_on() -> None:
    with socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        port = probe.getsockname()[1]

    cli.refuse_taken_port(settings_at("::1", port))


@pytest.mark.parametrize(
    ("said", "french"),
    [
        ('FATAL: password authentication failed for user "carte"', "le mot de passe"),
        ('FATAL: database "carte" does not exist', "la base n’existe pas"),
        ('FATAL: role "carte" does not exist', "l’utilisateur n’existe pas"),
        ("connection to server failed: Connection refused", "aucun serveur ne répond"),
        ("connection timeout expired", "la machine ne répond pas"),
        ("FATAL: quelque chose d’autre", "le serveur répond « FATAL: quelque chose d’autre »"),
    ],
)
def test_why_a_database_does_not_answer(said: str, french: str) -> None:
    assert french in wording.why_not_connected(psycopg.OperationalError(said))


def test_a_full_disk_is_said_whoever_noticed_it() -> None:
    full = psycopg.errors.DiskFull("could not extend file: No space left on device")

    assert wording.in_french(full) == wording.DISK_FULL
    assert wording.in_french(OperationalError("INSERT …", {}, full)) == wording.DISK_FULL


def test_a_bug_is_not_hidden() -> None:
    assert wording.in_french(psycopg.errors.SyntaxError("syntax error")) is None


def test_why_postgresql_did_not_start() -> None:
    assert cluster.why(["LOG: x", "FATAL: could not write: No space left on device"]) == (
        "le disque est plein"
    )
    assert cluster.why(["FATAL: autre chose"]) == "« FATAL: autre chose »"


def test_a_file_that_the_system_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run_out(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "carte.csv"))

    monkeypatch.setattr(terminal, "run", run_out)

    with pytest.raises(SystemExit):
        cli.main()

    told = capsys.readouterr().err
    assert "le disque est plein" in told
    assert "carte.csv" in told
    assert "No space" not in told
