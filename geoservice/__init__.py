"""La carte et l’annuaire de la médiation numérique en France."""

__version__ = "0.1.0"
