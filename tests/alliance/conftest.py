import pytest

from tests.alliance.world import World


@pytest.fixture
def world(in_acme):
    return World()
