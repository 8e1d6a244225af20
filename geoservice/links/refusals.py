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


class AlreadyDecided(Problem):
    status = 409
    title = "Quelqu’un d’autre a déjà décidé. Retournez à la page de modération."


class Elsewhere(Problem):
    status = 404
    title = "Cela n’existe pas, ou n’est pas sur votre territoire."
