import pytest

from tests.alliance.world import World
from tests.people import as_owner


@pytest.fixture
def world(in_acme):
    return World()


@pytest.fixture
def change_regions(in_acme):
    """Record changes of regions as the operator does, and take them back after the test."""

    def write(*rows, on="2026-05-01", kind="merged"):
        for old, new in rows:
            as_owner(
                'INSERT INTO dealers_regionchange (old_code, new_id, "on", kind, reference)'
                " VALUES (%s, %s, %s, %s, '国函〔2026〕1号')",
                old,
                new,
                on,
                kind,
            )

    yield write
    as_owner("DELETE FROM dealers_regionchange")
