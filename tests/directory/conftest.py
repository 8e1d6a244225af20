from tests.auth.conftest import build, service
from tests.mediators.conftest import awa

__all__ = ["awa", "build", "service"]
