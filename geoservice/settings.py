"""What an installation may choose. Documented in docs/settings.md; a test compares both."""

import re
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from geoservice.paths import DATA

PLAN_IGN = "https://data.geopf.fr/annexes/ressources/vectorTiles/styles/PLAN.IGN/gris.json"


class WrongSettings(Exception):
    """Names the wrong variables in French; never their values, which may be secrets."""


class Settings(BaseSettings):
    """Read once, by whoever starts the process, from GEOSERVICE_* variables or `.env`; then passed on."""

    model_config = SettingsConfigDict(
        env_prefix="GEOSERVICE_", env_file=".env", extra="forbid", frozen=True
    )

    database_url: str | None = Field(
        None,
        repr=False,
        description="PostgreSQL server to use (owner's address). Absent: a private one in `data_dir`.",
    )
    app_database_url: str | None = Field(
        None,
        repr=False,
        description="Address for signed-in pages and jobs. Absent: `database_url`, as role geoservice_app.",
    )
    public_database_url: str | None = Field(
        None,
        repr=False,
        description="Address for anonymous pages. Absent: `database_url`, as role geoservice_public.",
    )
    data_dir: Path = Field(DATA, description="Folder of the private PostgreSQL server.")
    demonstration: bool = Field(
        True, description="Fill an empty base with the invented places of the demonstration."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Web processes.")
    public_url: str | None = Field(
        None,
        description="Address of the service as its users type it. Absent: localhost and the port.",
    )
    connections: int = Field(
        8, ge=1, le=200, description="Database connections of each pool, per web process."
    )
    query_timeout_s: int = Field(
        10, ge=1, le=300, description="A public query that lasts longer is stopped."
    )
    address_service_url: str | None = Field(
        None,
        description="Search address of the French address service (Géoplateforme or BAN). Absent: off.",
    )
    address_timeout_s: float = Field(
        2.0, gt=0, le=10, description="After this long, the commune is used and said so."
    )
    basemap_style_url: str | None = Field(
        PLAN_IGN,
        description="MapLibre style of the basemap, fetched by the server. Empty: our own outlines only.",
    )
    tile_max_age_s: int = Field(
        60, ge=0, description="Seconds a browser may keep a tile before it asks again."
    )
    tile_cache_mib: int = Field(
        64, ge=0, le=4096, description="Memory for ready-made tiles, per web process."
    )

    unused_account_months: int = Field(
        24,
        ge=2,
        le=120,
        description="An account not used for so long is erased; its owner is warned a month before.",
    )

    place_word_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="For so many days, what a place says of itself holds against imports.",
    )

    oidc_client_id: str = Field("", description="What the provider calls this service.")
    oidc_client_secret: str = Field(
        "", repr=False, description="What the provider gave to this service."
    )
    oidc_issuer: str | None = Field(
        None,
        description="OpenID Connect provider to sign in with, besides links by mail. Absent: off.",
    )
    oidc_name: str = Field("ProConnect", description="What people call the provider.")
    oidc_scopes: str = Field(
        "openid email given_name usual_name", description="What the provider is asked to tell."
    )

    consent_journal_years: int = Field(
        5,
        ge=1,
        le=30,
        description="Years that the agreements of somebody who left are kept, without their name, "
        "and the number of their profile.",
    )
    fingerprint_years: int = Field(
        3,
        ge=1,
        le=30,
        description="Years that somebody who left is still recognised, after an import last told of them.",
    )

    worker_inside: bool = Field(
        True, description="Do jobs in the web processes. False: `geoservice worker` runs apart."
    )
    smtp_url: str | None = Field(
        None,
        repr=False,
        description="Mail server: smtp://, smtp+starttls:// or smtps://, then name:password@host:port. "
        "Absent: mails stay in `data_dir`/courrier.",
    )
    mail_from: str = Field(
        "ne-pas-repondre@localhost.localdomain", description="Address that mails are sent from."
    )
    mail_return: str | None = Field(
        None,
        description="Address to which mail servers return the mails of campaigns that they cannot deliver.",
    )

    @property
    def site(self) -> str:
        """Address of the service, without a final slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_a_provider(cls, url: str | None, info: ValidationInfo) -> str | None:
        """Over TLS, but for trials on this machine; with what it knows this service by."""
        if not url:
            return None
        issuer = urlsplit(url)
        here = issuer.hostname in ("localhost", "127.0.0.1")
        if issuer.scheme != "https" and not (issuer.scheme == "http" and here):
            raise ValueError("not an https:// address")
        if not (info.data.get("oidc_client_id") and info.data.get("oidc_client_secret")):
            raise ValueError("needs oidc_client_id and oidc_client_secret")
        return url

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, url: str | None) -> str | None:
        """A password never travels in clear."""
        if not url:
            return None
        server = urlsplit(url)
        if server.scheme not in ("smtp", "smtp+starttls", "smtps") or not server.hostname:
            raise ValueError("not the address of a mail server")
        if server.scheme == "smtp" and server.password:
            raise ValueError("a password needs smtps:// or smtp+starttls://")
        _ = server.port  # raises ValueError when it is not a port
        return url

    @field_validator("mail_from", "mail_return")
    @classmethod
    def _is_a_mailbox(cls, address: str | None) -> str | None:
        if address is None:
            return None
        if not re.fullmatch(r"[\w.+-]+@[\w.-]+", address, re.ASCII):
            raise ValueError("not the address of a mailbox")
        return address

    @classmethod
    def read(cls, **chosen: object) -> Self:
        try:
            return cls(**chosen)  # pyright: ignore[reportArgumentType]
        except ValidationError as error:
            names = ", ".join(
                f"GEOSERVICE_{'_'.join(str(part) for part in fault['loc']).upper()}"
                for fault in error.errors(include_url=False, include_input=False)
            )
            raise WrongSettings(
                f"Réglage incorrect ou inconnu : {names}. "
                "Corrigez la variable d’environnement ou le fichier .env ; "
                "docs/settings.md donne les valeurs acceptées."
            ) from None
