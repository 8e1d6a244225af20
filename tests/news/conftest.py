from tests.permanences.conftest import build, service, zoe

__all__ = ["build", "service", "zoe"]
