"""Which tests a run takes, how each is marked, and in what order the processes share them.

TESTING.md lists the marks.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.file_durations import FileDurations, earlier

BY_FIXTURE = {
    "browser": {"browser"},
    "crash": {"battlefield"},
    "process": {"web_process", "broker"},
}
"""Which fixtures set a mark. A module that starts processes by itself says `pytestmark`."""
GUESSED = {"crash": 300, "browser": 100, "process": 60}
"""Seconds of a file that no earlier run has measured, by its mark."""


def scope_of(nodeid: str) -> str:
    """Return what a process runs in one piece: a file, which makes its world or its servers once."""
    path = nodeid.partition("::")[0]
    if path.startswith("tests/crash/"):
        return "tests/crash"
    if path.endswith("test_every_route.py"):
        return path + (nodeid.partition("[")[2].partition("-")[0] if "not_theirs[" in nodeid else "")
    return path


class ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return ByFile(config, log)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-point", action="store_true", help="all points of the crash tests")


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(FileDurations())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by what it needs; the longest files begin, so that the processes end together."""
    for item in items:
        mark(item)
    by_every_point = [item for item in items if item.get_closest_marker("every_point")]
    if by_every_point and not config.option.every_point:
        items[:] = [item for item in items if item not in by_every_point]
        config.hook.pytest_deselected(items=by_every_point)
    known = earlier()
    seconds: dict[str, float] = {}
    for item in items:
        path = item.nodeid.partition("::")[0]
        guessed = max((GUESSED[name] for name in GUESSED if item.get_closest_marker(name)), default=1)
        seconds[path] = max(known.get(path, guessed), seconds.get(path, 0))
    items.sort(key=lambda item: -seconds[item.nodeid.partition("::")[0]])


def mark(item: pytest.Item) -> None:
    used = set(getattr(item, "fixturenames", ()))
    for name, fixtures in BY_FIXTURE.items():
        if used & fixtures:
            item.add_marker(name)
