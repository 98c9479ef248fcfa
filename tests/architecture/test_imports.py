"""The contracts on imports hold, and each of them notices an import that breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from ops.layers import packages
from tenancy.rooms import rooms
from tests.processes import uncounted

ROOT = Path(settings.BASE_DIR)
PLANTED = {
    "Rooms import downwards only": ("ledger/operations/planted.py", "import ordering.models\n"),
    "Floors import downwards only": ("pricing/queries/planted.py", "import pricing.operations.schemes\n"),
    "The domain is plain Python": ("rebates/domain/planted.py", "import django.utils.timezone\n"),
    "pandas in analytics only": ("ordering/operations/planted.py", "import pandas\n"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's packages, to break in peace."""
    folder = tmp_path_factory.mktemp("project")
    for room in (*packages(), "ops"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__", "templates"))
    return folder


def _verdicts(folder: Path) -> tuple[str, int]:
    command = [sys.executable, "-m", "ops.layers", "--no-cache"]
    variables = uncounted({**os.environ})
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    return done.stdout, done.returncode


def test_every_room_has_its_layer() -> None:
    assert {room.name for room in rooms()} | {"config", "kernel"} == set(packages())


def test_the_contracts_hold(copy: Path) -> None:
    said, status = _verdicts(copy)
    assert status == 0, said
    assert all(f"{name} KEPT" in said for name in PLANTED)


def test_each_contract_notices_a_planted_import(copy: Path) -> None:
    for path, text in PLANTED.values():
        (copy / path).write_text(text)
    said, status = _verdicts(copy)
    assert status == 1
    assert [name for name in PLANTED if f"{name} BROKEN" not in said] == []
    for path, _ in PLANTED.values():
        assert path.removesuffix(".py").replace("/", ".") in said


def test_a_module_on_no_floor_is_noticed(copy: Path) -> None:
    (copy / "dealers/helpers.py").touch()
    for path, _ in PLANTED.values():
        (copy / path).unlink(missing_ok=True)
    said, status = _verdicts(copy)
    assert status == 1
    assert "helpers" in said
