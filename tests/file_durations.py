"""How long each test file takes: measured by `./run test`, which begins with the longest."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path
from typing import Any


def earlier() -> dict[str, float]:
    """Return the seconds of each file in the last run of this kind; empty where there was none."""
    try:
        found: dict[str, float] = json.loads(Path(os.environ["TEST_DURATIONS"]).read_text())
    except (KeyError, OSError, ValueError):
        return {}
    return found


class FileDurations:
    """Adds up set-up, test and tear-down of all tests of a file; works with xdist as without.

    `TEST_DURATIONS` names the file that the seconds are written to.
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid.partition("::")[0]] += report.duration

    def pytest_sessionfinish(self) -> None:
        if path := os.environ.get("TEST_DURATIONS"):
            Path(path).write_text(json.dumps(earlier() | self.seconds))
