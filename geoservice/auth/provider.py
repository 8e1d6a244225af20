"""Signing in with an OpenID Connect provider (ProConnect in production): what is asked, what is believed.

Authorization code with PKCE. What proves that an answer is ours is derived from the state and from
the cookie of the browser that asked: nothing secret waits in a table.
"""

import hashlib
import logging
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from geoservice.settings import Settings

RETURN_PATH = "/connexion/retour"
ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signed with the provider's own key: never `none`, never a secret that we share."""
TIMEOUT_S = 5
DISCOVERY_KEPT_S = 3600
CLOCKS_DIFFER_S = 30

log = logging.getLogger("geoservice.auth")


class ProviderFailed(Exception):
    """The provider does not answer, or what it answers cannot be believed. Names nobody."""


@dataclass(frozen=True)
class Person:
    issuer: str
    subject: str
    """What the provider calls this person, for ever, whatever their name and mail become."""
    mail: str | None
    """None when the provider does not vouch for it."""
    id_token: str
    """Repeated to the provider to sign out of it too."""


@dataclass
class Provider:
    settings: Settings
    _metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    _keys: KeySet | None = None
    _read_at: float = float("-inf")

    @classmethod
    def of(cls, settings: Settings) -> "Provider | None":
        return cls(settings) if settings.oidc_issuer else None

    async def sign_in_address(self, state: str, browser: str) -> str:
        """Where the browser goes to say who it is."""
        await self._discover()
        verifier = _derived("verifier", state, browser)
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": self.settings.oidc_client_id,
            "redirect_uri": self.settings.site + RETURN_PATH,
            "scope": self.settings.oidc_scopes,
            "state": state,
            "nonce": _derived("nonce", state, browser),
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return _with(self._endpoint("authorization_endpoint"), asked)

    async def identify(self, code: str, state: str, browser: str) -> Person:
        await self._discover()
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                answer = await client.post(
                    self._endpoint("token_endpoint"),
                    data={
                        "grant_type": "authorization_code",
                        "code": code,
                        "redirect_uri": self.settings.site + RETURN_PATH,
                        "client_id": self.settings.oidc_client_id,
                        "client_secret": self.settings.oidc_client_secret,
                        "code_verifier": _derived("verifier", state, browser),
                    },
                )
                tokens = _json(answer)
                id_token = str(tokens["id_token"])
                claims = await self.read(
                    id_token,
                    exp={"essential": True},
                    nonce={"essential": True, "value": _derived("nonce", state, browser)},
                )
                about = await client.get(
                    self._endpoint("userinfo_endpoint"),
                    headers={"authorization": f"Bearer {tokens['access_token']}"},
                )
            if about.headers.get("content-type", "").startswith("application/jwt"):
                about.raise_for_status()
                person = await self.read(about.text.strip())
            else:
                person = _json(about)
        except (httpx.HTTPError, JoseError, KeyError, ValueError, TypeError) as error:
            # `from None`: an answer may name somebody
            raise ProviderFailed(type(error).__name__) from None
        if person.get("sub") != claims["sub"]:
            raise ProviderFailed("two subjects")
        mail = person.get("email") if person.get("email_verified") is not False else None
        return Person(
            self._issuer, str(claims["sub"]), mail if isinstance(mail, str) else None, id_token
        )

    async def sign_out_address(self, id_token: str) -> str | None:
        """Where the browser goes to leave the provider too; None when it has no such address."""
        await self._discover()
        if "end_session_endpoint" not in self._metadata:
            return None
        asked = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": self.settings.site + "/",
            "state": hashlib.sha256(id_token.encode()).hexdigest()[:32],  # ProConnect wants one
        }
        return _with(self._endpoint("end_session_endpoint"), asked)

    def vouches(self, issuer: str | None) -> bool:
        """Whether an answer that names its issuer comes from here (RFC 9207)."""
        return issuer is None or issuer == self._issuer

    @property
    def _issuer(self) -> str:
        return (self.settings.oidc_issuer or "").rstrip("/")

    def _endpoint(self, name: str) -> str:
        address = self._metadata.get(name)
        if not isinstance(address, str):
            raise ProviderFailed(f"no {name}")
        return address

    async def _discover(self, *, again: bool = False) -> None:
        """Read where the provider answers, and its keys; kept for an hour."""
        if not again and time.monotonic() - self._read_at < DISCOVERY_KEPT_S:
            return
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                described = _json(
                    await client.get(self._issuer + "/.well-known/openid-configuration")
                )
                if str(described.get("issuer", "")).rstrip("/") != self._issuer:
                    raise ProviderFailed("another issuer")
                keys = _json(await client.get(str(described["jwks_uri"])))
            self._keys = KeySet.import_key_set(keys)  # pyright: ignore[reportArgumentType] - checked there
        except (httpx.HTTPError, JoseError, KeyError, ValueError, TypeError) as error:
            raise ProviderFailed(type(error).__name__) from None
        self._metadata = described
        self._read_at = time.monotonic()

    async def read(self, token: str, **expected: Any) -> dict[str, Any]:
        """What a token says, once its signature, its author and its addressee are checked."""
        assert self._keys is not None  # noqa: S101 - discovered first
        try:
            claims = jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            await self._discover(again=True)  # it may have changed its keys
            claims = jwt.decode(token, self._keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=CLOCKS_DIFFER_S,
            iss={"essential": True, "value": self._metadata["issuer"]},
            aud={"essential": True, "value": self.settings.oidc_client_id},
            sub={"essential": True},
            **expected,
        ).validate(claims)
        if isinstance(claims["aud"], list) and claims.get("azp") not in (
            None,
            self.settings.oidc_client_id,
        ):
            raise ValueError("made for somebody else")
        return claims


def _derived(what: str, state: str, browser: str) -> str:
    """43 characters that only who holds both can tell."""
    known = hashlib.sha256(f"{what}:{state}:{browser}".encode()).digest()
    return urlsafe_b64encode(known).decode().rstrip("=")


def _with(address: str, asked: dict[str, Any]) -> str:
    return address + ("&" if "?" in address else "?") + urlencode(asked)


def _json(answer: httpx.Response) -> dict[str, Any]:
    answer.raise_for_status()
    read = answer.json()
    if not isinstance(read, dict):
        raise ValueError("not an object")
    return read  # pyright: ignore[reportUnknownVariableType] - what it holds is checked by its reader
