"""Teams («équipes»): people who look after territories, and what they keep together.

Everything belongs to the team, nothing to its coordinator: who leaves takes nothing away.
"""

from datetime import datetime
from enum import StrEnum

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from geoservice.db.base import Base

MOMENT = TIMESTAMP(timezone=True)


class Role(StrEnum):
    """In one team."""

    COORDINATOR = "coordinator"
    """Acts on the places and the people of the territory."""
    MEMBER = "member"
    """Sees what people agreed to show to their colleagues, and saves perimeters."""
    READER = "reader"
    """Sees what anyone may see, as the team's lists."""


_IN_PROGRAMME = "(in_programme IS NOT NULL) = (role = 'coordinator')"


class Team(Base):
    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """In addresses: drawn once, whatever the name becomes."""
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")
    closed_at: Mapped[datetime | None] = mapped_column(MOMENT)


class TeamMember(Base):
    __tablename__ = "team_members"
    __table_args__ = (
        CheckConstraint("role IN ('coordinator', 'member', 'reader')", name="role"),
        CheckConstraint(_IN_PROGRAMME, name="in_programme"),
        Index("ix_team_members_account_id", "account_id"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[str]
    """A value of `Role`."""
    is_owner: Mapped[bool]
    """May invite, change roles, save and remove perimeters; a team has at least one."""
    in_programme: Mapped[bool | None]
    """Whether a coordinator is paid by the State's programme («dispositif»); None for the others."""
    joined_at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")


class TeamTerritory(Base):
    """What a team asked to look after; it does once somebody who may has agreed."""

    __tablename__ = "team_territories"
    __table_args__ = (
        CheckConstraint(
            "type IN ('commune', 'epci', 'departement', 'region', 'perimetre')", name="type"
        ),
        Index("ix_team_territories_code", "code"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    type: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """None when the administrator of the machine did."""
    accepted_at: Mapped[datetime | None] = mapped_column(MOMENT)


class TeamInvitation(Base):
    """An address that was asked to join, or to succeed somebody; gone once it has answered."""

    __tablename__ = "team_invitations"
    __table_args__ = (
        UniqueConstraint("team_id", "mail", name="uq_team_invitations_team_id"),
        CheckConstraint("role IN ('coordinator', 'member', 'reader')", name="role"),
        CheckConstraint(_IN_PROGRAMME, name="in_programme"),
        CheckConstraint("(hash IS NULL) = (expires_at IS NULL)", name="sent"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    mail: Mapped[str]
    role: Mapped[str]
    is_owner: Mapped[bool]
    in_programme: Mapped[bool | None]
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    succeeds: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Whose place in the team they take, who leaves then; None for one more person."""
    hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of the secret in the mail; None until it is sent."""
    asked_at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")
    expires_at: Mapped[datetime | None] = mapped_column(MOMENT)


class TeamEvent(Base):
    """The history of a team: written, never rewritten. It names nobody: accounts may be erased."""

    __tablename__ = "team_events"
    __table_args__ = (Index("ix_team_events_team_id", "team_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")
    kind: Mapped[str]
    """A value of `history.Kind`."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who did it; None for the administrator of the machine."""
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """To whom."""
    detail: Mapped[str | None]
    """In French: a territory, a role, the name of a perimeter, a reason."""


class Perimeter(Base):
    """Part of the map that a team drew or listed, named and used again in every address."""

    __tablename__ = "perimeters"
    __table_args__ = (Index("ix_perimeters_team_id", "team_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """In addresses: `territoire=perimetre:{code}`."""
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str]
    is_listed: Mapped[bool]
    """A list of communes; otherwise an outline that was drawn, or read from a file."""
    communes: Mapped[list[str]]
    """INSEE codes: those listed, or those whose middle is inside the outline."""
    outline: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", 4326, spatial_index=False))
    """Degrees, WGS 84."""
    changed_at: Mapped[datetime] = mapped_column(MOMENT, server_default="now()")
