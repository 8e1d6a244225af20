"""Vector tiles of places: arithmetic, layers, SQL, cache, style. Knows no web and no database."""
