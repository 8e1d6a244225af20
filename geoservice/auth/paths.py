"""Where to go after signing in: a page of this site, and nowhere else."""

import re

HOME = "/moi"
LONGEST = 500
# One slash, then neither a second one nor a backslash, which browsers read as one: «//host» leaves.
# Browsers also drop tabs and line breaks inside an address, so no control character is left.
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")


def own_path(asked: str | None) -> str:
    """The path if it certainly stays on this site, else the account's page."""
    if asked is None or len(asked) > LONGEST or not _OWN_PATH.fullmatch(asked):
        return HOME
    return HOME if asked.split("?")[0].startswith("/connexion") else asked
