"""The application's own private PostgreSQL: made, started, shared and stopped.

Every process that uses it holds a shared lock on `.data/postgres.lock`. A small supervisor
(`python -m geoservice.db.cluster`) runs the server and waits for the exclusive lock: it gets it
when the last user is gone, even killed, and then stops the server. Nothing here needs psycopg, so
that the supervisor starts at once.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geoservice.system import reason

OLDEST_POSTGRESQL = 14
PORT = 5432  # only names the socket file: the server does not listen on the network
OWNER = "geoservice_owner"
DATABASE = "geoservice"
ROOM_NEEDED_MIB = 300
START_TIMEOUT_S = 60
SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",  # our statements last milliseconds; compiling them lasts longer
}


class ClusterProblem(Exception):
    """Why there is no database, in French, with what to do."""


@dataclass(frozen=True)
class Account:
    """The ordinary user that the server runs as: PostgreSQL refuses to be root."""

    uid: int
    gid: int

    @classmethod
    def chosen(cls) -> "Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                entry = pwd.getpwnam(name)
                return cls(entry.pw_uid, entry.pw_gid)
        raise ClusterProblem(
            "Aucun utilisateur ordinaire (postgres, nobody) pour lancer PostgreSQL. "
            "Créez-en un : « adduser --system postgres »."
        )

    def run(self, *command: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run to the end from `/`, because the account may not enter the current folder."""
        as_root = os.geteuid() == 0
        return subprocess.run(  # noqa: S603 - our own commands
            [str(word) for word in command],
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            user=self.uid if as_root else None,
            group=self.gid if as_root else None,
            extra_groups=[] if as_root else None,
        )

    def owns(self, path: Path) -> bool:
        return path.lstat().st_uid == self.uid


@dataclass(frozen=True)
class Binaries:
    folder: Path
    major: int


INSTALL = "Installez-les : « sudo apt-get install postgresql postgresql-postgis »."


DEBIAN = Path("/usr/lib/postgresql")


def binaries(major: int | None = None, *, debian: Path = DEBIAN) -> Binaries:
    """The newest PostgreSQL of this machine that has PostGIS, or the one of version `major`.

    Raises ClusterProblem, which says what to install.
    """
    found: list[Binaries] = []
    for folder in debian.glob("*/bin"):
        if (folder / "initdb").exists() and folder.parent.name.isdigit():
            found.append(Binaries(folder, int(folder.parent.name)))
    if not found and debian == DEBIAN and (initdb := shutil.which("initdb")):
        folder = Path(initdb).resolve().parent
        asked = subprocess.run(  # noqa: S603 - found in PATH
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        found.append(Binaries(folder, int(asked.stdout.split()[2].split(".")[0])))
    if not found:
        raise ClusterProblem(f"PostgreSQL et PostGIS ne sont pas installés. {INSTALL}")
    if major is not None:
        same = [each for each in found if each.major == major]
        if not same:
            raise ClusterProblem(
                f"La base de .data a été créée par PostgreSQL {major}, qui n’est plus installé. "
                f"Installez postgresql-{major} et postgresql-{major}-postgis-3, "
                "ou déplacez le dossier .data pour repartir d’une base vide."
            )
        found = same
    recent = [each for each in found if each.major >= OLDEST_POSTGRESQL]
    if not recent:
        raise ClusterProblem(
            f"PostgreSQL {max(each.major for each in found)} est trop ancien : "
            f"il faut la version {OLDEST_POSTGRESQL} ou plus récente."
        )
    with_postgis = [each for each in recent if _has_postgis(each)]
    if not with_postgis:
        raise ClusterProblem(f"PostgreSQL est installé, mais PostGIS manque. {INSTALL}")
    return max(with_postgis, key=lambda each: each.major)


def _has_postgis(found: Binaries) -> bool:
    share = subprocess.run(  # noqa: S603 - found by us
        [found.folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
    )
    if share.returncode == 0:
        return (Path(share.stdout.strip()) / "extension" / "postgis.control").exists()
    debian = Path(f"/usr/share/postgresql/{found.major}/extension/postgis.control")
    return debian.exists()


WHY = {
    "No space left on device": "le disque est plein",
    "Permission denied": "l’accès à un fichier est refusé",
    "Read-only file system": "le disque est en lecture seule",
    "Cannot allocate memory": "la mémoire manque",
    "could not map anonymous shared memory": "la mémoire manque",
    "No usable system locale": "cette machine n’a pas la langue C.UTF-8",
    "invalid locale": "cette machine n’a pas la langue C.UTF-8",
    "is not readable by the server": "l’accès à un fichier est refusé",
    "has invalid permissions": "d’autres que son propriétaire peuvent lire son dossier : chmod 700",
    "lock file": "un autre serveur se sert de ce dossier",
    "checkpoint record": "ses fichiers sont abîmés : restaurez une sauvegarde",
}
"""Why PostgreSQL stopped, by words of its own."""


def why(said: Sequence[str]) -> str:
    """In French where we know it; else its last words, as they are."""
    for words, french in WHY.items():
        if any(words in line for line in said):
            return french
    return f"« {' '.join(said[-3:]).strip()} »" if said else "il n’a rien dit"


_supervisors: "set[subprocess.Popen[bytes]]" = set()
"""Those that this process started: it is their parent, and reaps them when they have ended."""


class Cluster:
    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.resolve()
        self.link = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self.account = Account.chosen()
        key = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
        # A socket's path may not exceed 107 bytes, and the account must be able to enter its folder.
        self.socket_dir = Path("/tmp") / f"geoservice-{self.account.uid}-{key}"  # noqa: S108 - checked below
        self.elsewhere = Path("/var/lib/geoservice") / key

    @property
    def folder(self) -> Path:
        return self.link.resolve()

    def url(self, role: str = OWNER) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={self.socket_dir}&port={PORT}"

    @contextlib.contextmanager
    def running(self) -> Generator["Cluster"]:
        """The server runs while anyone is inside; the last one out stops it."""
        self._make_data_dir()
        with (self.data_dir / "postgres.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self._ensure_started()
            yield self

    def _make_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            (self.data_dir / "postgres.lock").touch()
        except OSError as error:
            raise ClusterProblem(
                f"Impossible d’écrire dans {self.data_dir} ({reason(error)}). Ce dossier a "
                "peut-être été créé par un autre utilisateur : rendez-le-vous avec chown, "
                "ou choisissez-en un autre avec GEOSERVICE_DATA_DIR."
            ) from None

    def _ensure_started(self) -> None:
        with (self.data_dir / "postgres.start").open("a") as starters:
            fcntl.flock(starters, fcntl.LOCK_EX)
            if self._accepts():
                return
            if not (self.folder / "PG_VERSION").exists():
                self._create()
            major = int((self.folder / "PG_VERSION").read_text().strip().split(".")[0])
            binaries(major)
            self._make_socket_dir()
            self._check_room()
            with self.log.open("ab") as log:
                supervisor = subprocess.Popen(  # noqa: S603 - ourselves
                    [sys.executable, "-m", "geoservice.db.cluster", str(self.data_dir)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C stops the application first, then us
                )
            _supervisors.difference_update(
                [each for each in _supervisors if each.poll() is not None]
            )
            _supervisors.add(supervisor)
            self._wait_for(supervisor)

    def _wait_for(self, supervisor: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._accepts():
            if supervisor.poll() is not None or time.monotonic() > deadline:
                last_lines = self.log.read_text(errors="replace").splitlines()[-5:]
                raise ClusterProblem(
                    f"PostgreSQL n’a pas démarré : {why(last_lines)} (voir {self.log})."
                )
            time.sleep(0.05)

    def _accepts(self) -> bool:
        """Whether the server answers, and no longer says «starting up»."""
        probe = socket.socket(socket.AF_UNIX)
        probe.settimeout(2)
        with probe:
            try:
                probe.connect(str(self.socket_dir / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            body = b"\x00\x03\x00\x00" + f"user\0{OWNER}\0database\0postgres\0\0".encode()
            try:
                probe.sendall((len(body) + 4).to_bytes(4, "big") + body)
                return probe.recv(1) == b"R"
            except OSError:
                return False

    def _check_room(self) -> None:
        free_mib = shutil.disk_usage(self.folder).free // 2**20
        if free_mib < ROOM_NEEDED_MIB:
            raise ClusterProblem(
                f"Le disque est presque plein : {free_mib} Mio libres pour {self.folder}, "
                f"il en faut au moins {ROOM_NEEDED_MIB}. Libérez de la place, puis recommencez."
            )

    def _make_socket_dir(self) -> None:
        try:
            self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ClusterProblem(
                f"Impossible de créer {self.socket_dir} ({reason(error)})."
            ) from None
        if os.geteuid() == 0 and not self.socket_dir.is_symlink():
            os.chown(self.socket_dir, self.account.uid, self.account.gid, follow_symlinks=False)
        if self.socket_dir.is_symlink() or not self.account.owns(self.socket_dir):
            raise ClusterProblem(
                f"{self.socket_dir} appartient à quelqu’un d’autre : supprimez-le."
            )
        self.socket_dir.chmod(0o700)

    def _create(self) -> None:
        tools = binaries()
        folder = self._place()
        self._check_room()
        made = self.account.run(
            tools.folder / "initdb", "--pgdata", folder, "--username", OWNER, "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions",
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            cause = why(made.stderr.splitlines())
            raise ClusterProblem(f"La base n’a pas pu être créée dans {folder} : {cause}.")

    def _place(self) -> Path:
        """Make the empty folder of the cluster: in `.data` if the account can enter it."""
        if self.link.is_symlink():
            self.link.unlink()
        shutil.rmtree(self.link, ignore_errors=True)
        folder = self.link
        if self.account.run("test", "-x", self.data_dir).returncode != 0:
            folder = self.elsewhere
            folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            self.link.symlink_to(folder)
        folder.mkdir(mode=0o700)
        os.chown(folder, self.account.uid, self.account.gid)
        return folder

    def supervise(self) -> int:
        """Run the server until its last user has gone; the caller's process does only this."""
        major = int((self.folder / "PG_VERSION").read_text().strip().split(".")[0])
        options = SERVER_OPTIONS | {"unix_socket_directories": str(self.socket_dir)}
        server = subprocess.Popen(  # noqa: S603 - found by us
            [
                binaries(major).folder / "postgres",
                *("-D", str(self.folder), "-p", str(PORT)),
                *(word for key, value in options.items() for word in ("-c", f"{key}={value}")),
            ],
            cwd="/",
            stdin=subprocess.DEVNULL,
            preexec_fn=self._become_account,
        )

        def stop(_signal: int, _frame: object) -> None:
            server.send_signal(signal.SIGINT)

        def follow(_signal: int, _frame: object) -> None:
            os._exit(server.wait())

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGCHLD, follow)
        with (self.data_dir / "postgres.lock").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            server.send_signal(signal.SIGINT)  # «fast»: open transactions are undone
            return server.wait()

    def _become_account(self) -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(self.account.gid)
            os.setuid(self.account.uid)
        # after setuid, which forgets it: the server stops even if the supervisor is killed
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


if __name__ == "__main__":
    raise SystemExit(Cluster(Path(sys.argv[1])).supervise())
