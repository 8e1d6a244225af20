"""Places with plausible defaults."""

from sqlalchemy import Connection, text


def add_place(
    connection: Connection, public_id: str, lon: float, lat: float, **columns: object
) -> int:
    """A place that anyone may see, unless `columns` say otherwise; returns its id."""
    values = {"name": f"Lieu {public_id}", "published_at": "2026-01-01"} | columns
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    return connection.execute(
        text(
            f"INSERT INTO places (public_id, point, {names})"
            f" VALUES (:public_id, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), {marks}) RETURNING id"
        ),
        {"public_id": public_id, "lon": lon, "lat": lat, **values},
    ).scalar_one()
