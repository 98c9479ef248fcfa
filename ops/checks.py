"""`./run test`: every check of the project, each of them to its end."""

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ops.browser import ensure_browser
from ops.children import pass_through
from ops.database import database
from ops.layers import packages
from ops.places import PROJECT, Places, places_at
from ops.setup import ensure_setup

SLOTS = 20


def test(places: Places, arguments: Sequence[str]) -> int:
    """With arguments only pytest, with these; without, all the checks."""
    ensure_setup(places, tests=True)
    browser = ensure_browser(places)
    with test_home(places) as home, database(home, own=True) as (_, plain):
        environment = {**plain, "CHROMIUM": browser, "COVERAGE_FILE": str(home.run / "coverage")}
        python = places.python
        subprocess.run([python, "-m", "i18n", "compile"], env=environment, cwd=PROJECT, check=True)
        if arguments:
            return pass_through([python, "-m", "pytest", *arguments], environment)
        return run_all(checks(places), environment)


def checks(places: Places) -> dict[str, list[str | Path]]:
    programs, python = places.venv / "bin", places.python
    measured = [f"--cov={package}" for package in packages()]
    report: list[str | Path] = [programs / "coverage", "report", "--skip-covered"]
    return {
        "ruff check": [programs / "ruff", "check", "."],
        "ruff format": [programs / "ruff", "format", "--check", "."],
        "templates": [python, "-m", "ops.template_layout", "check"],
        "mypy": [programs / "mypy", "."],
        "import-linter": [python, "-m", "ops.layers"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "translations": [python, "-m", "i18n", "check"],
        "pytest": [python, "-m", "pytest", "-n", "2", "--cov-report=", *measured],
        "coverage": [*report, "--fail-under=90"],
        "of the domain": [*report, "--fail-under=100", "--include=*/domain/*,kernel/*"],
    }


def run_all(steps: Mapping[str, Sequence[str | Path]], environment: Mapping[str, str]) -> int:
    """A failing check does not hide the later ones."""
    os.chdir(PROJECT)
    report = []
    for name, command in steps.items():
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        status = pass_through(command, environment)
        report.append((name, status, time.monotonic() - began))
    print("\n=== summary")
    for name, status, took in report:
        print(f"{'ok    ' if status == 0 else 'FAILED'} {name:<14} {took:7.1f} s")
    return int(any(status for _, status, _ in report))


@contextmanager
def test_home(places: Places) -> Iterator[Places]:
    """Servers of its own for each test run of this home; the folder is kept to start faster."""
    for number in range(1, SLOTS + 1):
        home = places_at(places.home / "test" / str(number), places.tools)
        with (home.run / "test.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield home
            return
    raise RuntimeError(f"{SLOTS} test runs at once")
