"""A tiny room (new_room/noticeboard) is added by its package, one line in INSTALLED_APPS and one in the
layers, and is found in every place. docs/new-room.md explains it step by step."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings

from ops.layers import LAYERS, check, packages
from tests.conftest import TEMPLATE, _admin, _drop

ROOT = Path(settings.BASE_DIR)
HERE = Path(__file__).parent / "new_room"
SETTINGS = """from config.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "noticeboard"]
"""
WITH_NOTICEBOARD = (*LAYERS[:2], "noticeboard", *LAYERS[2:])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the room's package and the settings that install it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(
        HERE / "noticeboard", folder / "noticeboard", ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "site_settings.py").write_text(SETTINGS)
    return folder


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> Iterator[str]:
    """A migrated database of its own, in which the room makes its table."""
    name = f"test_tripact_noticeboard_{os.getpid()}"
    admin = _admin()
    with admin.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
        yield name
        _drop(cursor, name)
    admin.close()


@pytest.fixture(scope="module")
def found(site: Path, database: str) -> dict[str, Any]:
    """What each place answered, by its name."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "site_settings",
        "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)]),
        "DATABASE_URL": _url("default", database),
        "OWNER_DATABASE_URL": _url("owner", database),
        "TRIPACT_HOME": str(site / "var"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.portal.visit_new_room"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def _url(alias: str, name: str) -> str:
    one = settings.DATABASES[alias]
    password = quote(str(one["PASSWORD"]), safe="")
    return f"postgres://{one['USER']}:{password}@{quote(str(one['HOST']), safe='')}:{one['PORT']}/{name}"


def test_the_navigation_offers_it_to_the_roles_with_the_right(found: dict[str, Any]) -> None:
    assert 'href="/notices"' in found["staff home"]
    assert "Noticeboard" in found["staff home"]
    assert 'href="/notices"' in found["dealer home"]
    assert 'href="/notices"' not in found["purchaser home"]


def test_its_list_answers_those_with_the_right_inside_the_tenant(found: dict[str, Any]) -> None:
    assert "Stocktaking in July" in found["staff list"]
    assert "Stocktaking in July" in found["detail"]
    assert found["purchaser list"] == "status 403"
    assert "Notices" in found["stranger list"]
    assert "Stocktaking in July" not in found["stranger list"]
    assert found["exported lists"]


def test_its_rights_are_held_by_the_roles_that_it_names(found: dict[str, Any]) -> None:
    assert found["rights"] == ["notice.post", "notice.view"]
    assert found["refused"]


def test_its_job_runs_and_has_its_label_on_the_job_desk(found: dict[str, Any]) -> None:
    assert found["job state"] == "done"
    assert "Count of the notices" in found["job desk"]


def test_the_search_finds_its_noun_after_a_reindexing(found: dict[str, Any]) -> None:
    assert "Stocktaking in July" in found["search"]
    assert "Stocktaking in July" not in found["purchaser search"]


def test_its_notification_reaches_the_inbox_in_a_group_of_its_own(found: dict[str, Any]) -> None:
    assert "New notice: Stocktaking in July" in found["inbox"]
    assert 'href="/inbox?group=notices"' in found["inbox"]
    assert "Notices" in found["preferences"]
    assert "New notice" not in found["purchaser inbox"]


def test_its_audit_entry_is_read_with_labels(found: dict[str, Any]) -> None:
    assert found["audit trail"] == [["notice posted", "notice"]]


def test_the_daily_round_calls_what_it_registered(found: dict[str, Any]) -> None:
    assert found["after the daily round"] == ["Stocktaking in July"]


def test_its_layer_is_accepted_by_the_import_contracts(site: Path, tmp_path: Path) -> None:
    for package in packages():
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(site / "noticeboard", tmp_path / "noticeboard")
    assert check(tmp_path, ["--no-cache"], WITH_NOTICEBOARD) == 0
    (tmp_path / "ordering/queries/planted.py").write_text("import noticeboard.models\n")
    assert check(tmp_path, ["--no-cache"], WITH_NOTICEBOARD) == 1
