"""The sites that may show a map: as people write them, as policies do, and whether an origin is one."""

import re
from urllib.parse import urlsplit

HOSTS_MAX = 20
LONGEST = 253

_HOST = re.compile(
    r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:\d{1,5})?"
)


class WrongHost(ValueError):
    """Says in French which line is not the address of a site."""


def read(text: str) -> tuple[str, ...]:
    """One site a line, by its name or an address of it: `mairie.exemple.fr`, `*.exemple.fr`, `https://…`.

    Without a scheme it is https. Raises WrongHost.
    """
    lines = [line for line in re.split(r"[\s,;]+", text) if line]
    found = tuple(dict.fromkeys(_source(line) for line in lines))
    if len(found) > HOSTS_MAX:
        raise WrongHost(
            f"{HOSTS_MAX} sites au plus. Écrivez *.exemple.fr pour tous ceux d’un domaine."
        )
    return found


def _source(line: str) -> str:
    wrong = WrongHost(
        f"« {line[:80]} » n’est pas l’adresse d’un site. Écrivez par exemple www.exemple.fr."
    )
    scheme, _, rest = line.rpartition("://")
    scheme = scheme.lower() or "https"
    try:
        host = "".join(
            part if part in ".:" or part == "*" else part.encode("idna").decode()
            for part in re.split(r"([.:])", rest.partition("/")[0].lower())
            if part
        )
    except UnicodeError:
        raise wrong from None
    if scheme not in ("http", "https") or len(host) > LONGEST or not _HOST.fullmatch(host):
        raise wrong
    if host.startswith("*.") and "." not in host[2:]:
        raise wrong  # a whole top-level domain
    if "." not in host and "://" not in line:
        raise wrong  # a word; a machine of an intranet is written with its scheme
    return f"{scheme}://{host}"


def allows(hosts: tuple[str, ...], origin: str) -> bool:
    """Whether a page of `origin` may show it. A star stands for one name or several, never for none."""
    if not hosts:
        return True
    return any(_matches(host, origin.lower()) for host in hosts)


def _matches(host: str, origin: str) -> bool:
    asked, said = urlsplit(origin), urlsplit(host)
    if asked.scheme != said.scheme or not asked.netloc:
        return False
    if said.netloc.startswith("*."):
        return asked.netloc.endswith(said.netloc[1:])
    return asked.netloc == said.netloc
