"""Homes for servers that are started for real; nothing of them remains."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.binaries import outside_folder
from ops.places import Places, find_places, places_at


def _cleared(folder: Path) -> Iterator[Places]:
    places = places_at(folder, find_places().tools)
    yield places
    shutil.rmtree(folder, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.rmtree(outside_folder() / places.key, ignore_errors=True)


@pytest.fixture(scope="module")
def home() -> Iterator[Places]:
    """A home that anyone may enter, as an ordinary clone's is."""
    folder = Path(tempfile.mkdtemp(prefix="tripact-test-"))
    folder.chmod(0o755)
    yield from _cleared(folder)


@pytest.fixture
def closed_home(tmp_path: Path) -> Iterator[Places]:
    """A home that only its owner may enter, as root's is."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    yield from _cleared(folder)
