import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from geoservice.db import cluster as clusters
from geoservice.db.cluster import Cluster, ClusterProblem, binaries
from geoservice.paths import ROOT


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == Path.home().owner() and folder != Path("/tmp"):
            folder.chmod(0o755)  # pytest makes private folders; the database's user goes through
    return tmp_path / ".data"


def answers(cluster: Cluster) -> bool:
    try:
        with psycopg.connect(cluster.url().replace("/geoservice?", "/postgres?")) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def wait_until(condition: bool, cluster: Cluster) -> None:
    deadline = time.monotonic() + 20
    while answers(cluster) != condition:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_server_runs_while_somebody_uses_it_and_stops_after(data_dir: Path) -> None:
    cluster = Cluster(data_dir)

    with cluster.running():
        assert answers(cluster)
    wait_until(False, cluster)


def test_what_was_written_is_there_at_the_next_start(data_dir: Path) -> None:
    cluster = Cluster(data_dir)
    address = cluster.url().replace("/geoservice?", "/postgres?")
    with cluster.running(), psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    with cluster.running(), psycopg.connect(address) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_the_first_to_leave_does_not_stop_the_others(data_dir: Path) -> None:
    with Cluster(data_dir).running() as first:
        with Cluster(data_dir).running():
            pass
        time.sleep(0.3)
        assert answers(first)


def test_the_server_stops_when_its_only_user_is_killed(data_dir: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from geoservice.db.cluster import Cluster\n"
        "with Cluster(Path(sys.argv[1])).running(): print('ready', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", script, str(data_dir)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert user.stdout is not None
    assert user.stdout.readline() == b"ready\n"
    user.send_signal(signal.SIGKILL)
    user.wait()
    user.stdout.close()

    wait_until(False, Cluster(data_dir))


@pytest.mark.skipif(os.geteuid() != 0, reason="seul root peut créer un dossier fermé au serveur")
def test_it_works_from_a_folder_that_the_servers_user_cannot_enter(data_dir: Path) -> None:
    closed = data_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / ".data")

    with cluster.running():
        assert answers(cluster)
        assert closed not in cluster.folder.parents


def test_a_folder_of_somebody_else_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ClusterProblem, match="GEOSERVICE_DATA_DIR"),
        Cluster(tmp_path / "file" / ".data").running(),
    ):
        pass


def test_a_full_disk_is_said_before_anything_is_written(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "ROOM_NEEDED_MIB", 10**9)
    with pytest.raises(ClusterProblem, match="presque plein"), Cluster(data_dir).running():
        pass


def test_a_base_of_another_postgresql_is_said(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("99\n")
    with (
        pytest.raises(ClusterProblem, match="postgresql-99-postgis-3"),
        Cluster(data_dir).running(),
    ):
        pass


def test_a_machine_without_postgresql_is_told_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ClusterProblem, match="apt-get install postgresql"):
        binaries(debian=tmp_path)


def machine_with(tmp_path: Path, version: str) -> Path:
    folder = tmp_path / version / "bin"
    folder.mkdir(parents=True)
    (folder / "initdb").touch()
    (folder / "pg_config").write_text(f"#!/bin/sh\necho {tmp_path}/share\n")
    (folder / "pg_config").chmod(0o755)
    return tmp_path


def test_an_old_postgresql_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterProblem, match="PostgreSQL 13 est trop ancien"):
        binaries(debian=machine_with(tmp_path, "13"))


def test_a_postgresql_without_postgis_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterProblem, match="PostGIS manque"):
        binaries(debian=machine_with(tmp_path, "17"))
