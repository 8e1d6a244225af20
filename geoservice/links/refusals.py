"""Why a link, or a message about a place, is not taken."""

from geoservice.web.problems import Problem


class DeadLink(Problem):
    status = 410
    title = (
        "Ce lien ne marche plus. Demandez-en un autre sur la page du lieu : "
        "« Mettre à jour ce lieu »."
    )


class TooManyAsked(Problem):
    status = 429
    title = "Trop de demandes ont été faites. Réessayez dans une heure."
