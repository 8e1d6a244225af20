"""What happens to a team, in the words of its history."""

from enum import StrEnum


class Kind(StrEnum):
    CREATED = "created"
    RENAMED = "renamed"
    INVITED = "invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    DECLINED = "declined"
    JOINED = "joined"
    LEFT = "left"
    REMOVED = "removed"
    ROLE_CHANGED = "role_changed"
    SUCCESSION_ASKED = "succession_asked"
    SUCCEEDED = "succeeded"
    RECOVERED = "recovered"
    TERRITORY_ASKED = "territory_asked"
    TERRITORY_ACCEPTED = "territory_accepted"
    TERRITORY_REFUSED = "territory_refused"
    TERRITORY_REMOVED = "territory_removed"
    PERIMETER_SAVED = "perimeter_saved"
    PERIMETER_REMOVED = "perimeter_removed"
    EMBED_SAVED = "embed_saved"
    EMBED_CHANGED = "embed_changed"
    EMBED_REMOVED = "embed_removed"
    CLOSED = "closed"


SENTENCES = {
    Kind.CREATED: "{who} a créé l’équipe",
    Kind.RENAMED: "{who} a changé le nom de l’équipe : {detail}",
    Kind.INVITED: "{who} a invité une personne ({detail})",
    Kind.INVITATION_WITHDRAWN: "{who} a retiré une invitation",
    Kind.DECLINED: "une personne invitée a refusé",
    Kind.JOINED: "{who} a rejoint l’équipe ({detail})",
    Kind.LEFT: "{who} a quitté l’équipe",
    Kind.REMOVED: "{who} a retiré {whom} de l’équipe",
    Kind.ROLE_CHANGED: "{who} a changé le rôle de {whom} ({detail})",
    Kind.SUCCESSION_ASKED: "{who} a proposé à quelqu’un de prendre la suite de {whom}",
    Kind.SUCCEEDED: "{who} a pris la suite de {whom}",
    Kind.RECOVERED: "{who} a confié l’équipe à {whom} ({detail})",
    Kind.TERRITORY_ASKED: "{who} a demandé un territoire : {detail}",
    Kind.TERRITORY_ACCEPTED: "{who} a donné un territoire à l’équipe : {detail}",
    Kind.TERRITORY_REFUSED: "{who} a refusé un territoire : {detail}",
    Kind.TERRITORY_REMOVED: "{who} a retiré un territoire : {detail}",
    Kind.PERIMETER_SAVED: "{who} a enregistré un périmètre : {detail}",
    Kind.PERIMETER_REMOVED: "{who} a retiré un périmètre : {detail}",
    Kind.EMBED_SAVED: "{who} a confié à l’équipe la carte d’un site : {detail}",
    Kind.EMBED_CHANGED: "{who} a changé la carte d’un site : {detail}",
    Kind.EMBED_REMOVED: "{who} a supprimé la carte d’un site : {detail}",
    Kind.CLOSED: "{who} a fermé l’équipe",
}
HANDS_OVER = "{who} a proposé à quelqu’un de prendre sa suite"
ADMINISTRATOR = "l’administration du service"


def sentence(kind: str, who: str | None, whom: str | None, detail: str | None) -> str:
    """`who` is None when the administrator of the machine did it."""
    hands_over = kind == Kind.SUCCESSION_ASKED and who == whom
    said = (HANDS_OVER if hands_over else SENTENCES[Kind(kind)]).format(
        who=who or ADMINISTRATOR, whom=whom or "une personne", detail=detail or ""
    )
    return said[0].upper() + said[1:] + "."
