"""A real OpenID Connect provider on this machine: `provider.mjs`, started and stopped."""

import json
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest
from joserfc.jwk import RSAKey

from geoservice.paths import ROOT

SECRET = "un secret pour les essais"  # noqa: S105 - of the provider below


@dataclass
class RealProvider:
    address: str
    site: str
    """Where its answers come back to."""
    key: RSAKey

    def knows(
        self, sub: str, mail: str = "awa@exemple.fr", *, refuses: bool = False, **claims: object
    ) -> None:
        """Who is in front of it from now on."""
        told = {"email": mail, "given_name": "Awa", "usual_name": "Diallo"} | claims
        person = {"sub": sub, "claims": told, "refuses": refuses}
        httpx.post(self.address + "/person", content=json.dumps(person), timeout=60)

    def walk(self, address: str) -> str:
        """Go through the provider's pages, as a browser of its own; the address that it leads back to."""
        with httpx.Client(timeout=60) as browser:
            while not address.startswith(self.site):
                answer = browser.get(address)
                assert answer.is_redirect, answer.text
                address = str(answer.url.join(answer.headers["location"]))
        return address.removeprefix(self.site)


@contextmanager
def running(site: str, port: int) -> Generator[RealProvider]:
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"})
    process = subprocess.Popen(
        [node, str(ROOT / "tests/auth/provider.mjs"), str(port), site, SECRET],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin
    process.stdin.write(json.dumps(key.as_dict(private=True)).encode())
    process.stdin.close()
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield RealProvider(address, site, key)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(address + "/jwks", timeout=60)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("le fournisseur d’identité n’a pas démarré")
