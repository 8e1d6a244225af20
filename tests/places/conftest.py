from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, NullPool, create_engine

from geoservice.db.server import Server


@pytest.fixture
def db(base: Server) -> Iterator[Connection]:
    """A connection to a base without places; its changes are undone at the end of the test."""
    engine = create_engine(base.owner, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()
