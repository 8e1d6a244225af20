"""Who is in a team, what it looks after, and where somebody may act.

A team looks after whole communes: a place is theirs by its commune.
"""

from sqlalchemy import ColumnElement, Select, Text, func, select, text, true

from geoservice.auth.current import Identity
from geoservice.auth.model import Role as AccountRole
from geoservice.teams.model import TeamTerritory

HISTORY_MAX = 100


def looked_after(account_id: int) -> Select[str]:
    """INSEE codes of the communes where this account may act as a coordinator.

    In a statement of text: `code_insee IN (SELECT communes_looked_after(:account))`.
    """
    return select(func.communes_looked_after(account_id, type_=Text))


def in_charge(me: Identity, code_insee: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a row whose commune is `code_insee` is theirs; all are, for those of the whole country."""
    if is_everywhere(me):
        return true()
    return code_insee.in_(looked_after(me.account_id))


def is_everywhere(me: Identity) -> bool:
    """Whether somebody acts in the whole country: administrators, and moderators of the service."""
    return me.may(AccountRole.MODERATOR)


def communes_of_team(team_id: int) -> Select[str]:
    """INSEE codes of the communes that a team looks after."""
    return select(func.communes_of(TeamTerritory.type, TeamTerritory.code, type_=Text)).where(
        TeamTerritory.team_id == team_id, TeamTerritory.accepted_at.is_not(None)
    )


TEAM = text("SELECT id, code, name, created_at FROM teams WHERE code = :code AND closed_at IS NULL")
LOCKED = text("SELECT id FROM teams WHERE id = :team AND closed_at IS NULL FOR UPDATE")

MEMBERSHIP = text(
    "SELECT role, is_owner, in_programme FROM team_members"
    " WHERE team_id = :team AND account_id = :account"
)

MEMBERS = text(
    """
    SELECT account.id, account.name, account.mail, role, is_owner, in_programme, joined_at
    FROM team_members member JOIN accounts account ON account.id = member.account_id
    WHERE team_id = :team AND account.closed_at IS NULL
    ORDER BY is_owner DESC, role, account.name, account.id
    """
)
"""Of open accounts: whoever left the service is in the history only."""

OTHER_OWNERS = text(
    """
    SELECT count(*) FROM team_members member JOIN accounts account ON account.id = member.account_id
    WHERE team_id = :team AND is_owner AND account.closed_at IS NULL AND account.id <> :account
    """
)

INVITATIONS = text(
    """
    SELECT id, mail, role, is_owner, in_programme, succeeds, asked_at, expires_at
    FROM team_invitations WHERE team_id = :team AND (expires_at IS NULL OR expires_at > now())
    ORDER BY id
    """
)

OPENED = text(
    """
    SELECT invitation.id, invitation.mail, invitation.role, invitation.is_owner,
      invitation.in_programme, invitation.succeeds, team.id AS team_id, team.code, team.name,
      host.name AS host, before.name AS predecessor,
      EXISTS (SELECT FROM accounts WHERE mail = invitation.mail AND closed_at IS NULL) AS is_known
    FROM team_invitations invitation JOIN teams team ON team.id = invitation.team_id
    LEFT JOIN accounts host ON host.id = invitation.invited_by
    LEFT JOIN accounts before ON before.id = invitation.succeeds
    WHERE hash = :hash AND expires_at > now() AND team.closed_at IS NULL
    """
)

_NAMED = """
    coalesce(territory.name, perimeter.name, held.type || ' ' || held.code) AS territory,
    territory.departement AS territory_departement
"""
_NAMES = """
    LEFT JOIN territories territory ON territory.type = held.type AND territory.code = held.code
    LEFT JOIN perimeters perimeter ON held.type = 'perimetre' AND perimeter.code = held.code
"""

TERRITORIES = text(
    f"""
    SELECT held.type, held.code, accepted_at, {_NAMED}
    FROM team_territories held {_NAMES} WHERE held.team_id = :team
    ORDER BY held.type, territory, held.code
    """  # noqa: S608 - our own words
)

WAITING = text(
    f"""
    SELECT team.code AS team_code, team.name AS team, held.type, held.code, held.asked_at,
      asker.name AS asker, {_NAMED}
    FROM team_territories held JOIN teams team ON team.id = held.team_id {_NAMES}
    LEFT JOIN accounts asker ON asker.id = held.asked_by
    WHERE held.accepted_at IS NULL AND team.closed_at IS NULL AND (:everywhere
      OR EXISTS (SELECT communes_of(held.type, held.code))
      AND NOT EXISTS (
        SELECT communes_of(held.type, held.code) EXCEPT SELECT communes_looked_after(:account)))
    ORDER BY held.asked_at, team.id LIMIT 100
    """  # noqa: S608 - our own words
)
"""Territories that teams asked for, and that this account may give: it looks after all of them."""

MAY_GIVE = text(
    """
    SELECT EXISTS (SELECT communes_of(:type, :code)) AND NOT EXISTS (
      SELECT communes_of(:type, :code) EXCEPT SELECT communes_looked_after(:account))
    """
)
ASKED = text(
    "SELECT FROM team_territories WHERE team_id = :team AND type = :type AND code = :code"
    " AND accepted_at IS NULL"
)
COMMUNES = text("SELECT count(*) FROM communes_of(:type, :code)")

HISTORY = text(
    """
    SELECT event.at, event.kind, event.detail, actor.name AS who, subject.name AS whom
    FROM team_events event LEFT JOIN accounts actor ON actor.id = event.account_id
    LEFT JOIN accounts subject ON subject.id = event.subject_id
    WHERE team_id = :team ORDER BY event.id DESC LIMIT :limit
    """
)

_SUMMARY = """
    SELECT team.code, team.name,
      (SELECT count(*) FROM team_members member JOIN accounts account ON account.id = account_id
        WHERE member.team_id = team.id AND account.closed_at IS NULL) AS members,
      (SELECT count(*) FROM team_members member JOIN accounts account ON account.id = account_id
        WHERE member.team_id = team.id AND is_owner AND account.closed_at IS NULL) AS owners,
      (SELECT string_agg(coalesce(territory.name, perimeter.name, held.code), ', '
          ORDER BY held.type, held.code)
        FROM team_territories held
        LEFT JOIN territories territory ON territory.type = held.type AND territory.code = held.code
        LEFT JOIN perimeters perimeter ON held.type = 'perimetre' AND perimeter.code = held.code
        WHERE held.team_id = team.id AND accepted_at IS NOT NULL) AS territories
"""
MINE = text(
    f"""
    {_SUMMARY}, member.role, member.is_owner, member.in_programme
    FROM teams team JOIN team_members member ON member.team_id = team.id
    WHERE member.account_id = :account AND team.closed_at IS NULL ORDER BY team.name, team.id
    """
)
ALL = text(f"{_SUMMARY} FROM teams team WHERE closed_at IS NULL ORDER BY name, id LIMIT 2000")

COORDINATES = text(
    "SELECT EXISTS (SELECT FROM team_members member JOIN teams ON teams.id = member.team_id"
    " JOIN team_territories held ON held.team_id = teams.id WHERE account_id = :account"
    " AND role = 'coordinator' AND closed_at IS NULL AND accepted_at IS NOT NULL)"
)
"""Whether somebody looks after some territory."""
