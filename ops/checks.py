"""`./run test`: every check of the project, each of them to its end.

`--quick` leaves out what needs a browser or a process of its own, and coverage; `--all` tries every
point of the crash tests.
"""

import fcntl
import json
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
SLOWEST = 10


KINDS = ("--quick", "--all")
WITHOUT_PROCESSES = "not browser and not process and not crash"


def test(places: Places, arguments: Sequence[str]) -> int:
    """Run the checks, all or of one kind; with other arguments only pytest, with these."""
    ensure_setup(places, tests=True)
    kind = arguments[0] if len(arguments) == 1 and arguments[0] in KINDS else ""
    browser = ensure_browser(places)
    with test_home(places) as home, database(home, own=True) as (_, plain):
        environment = {**plain, "CHROMIUM": browser, "COVERAGE_FILE": str(home.run / "coverage")}
        python = places.python
        subprocess.run([python, "-m", "i18n", "compile"], env=environment, cwd=PROJECT, check=True)
        if arguments and not kind:
            return pass_through([python, "-m", "pytest", *arguments], environment)
        durations = places.run / f"test-durations{kind}.json"
        return run_all(checks(places, kind), environment | {"TEST_DURATIONS": str(durations)})


def checks(places: Places, kind: str = "") -> dict[str, list[str | Path]]:
    programs, python = places.venv / "bin", places.python
    pytest: list[str | Path] = [python, "-m", "pytest", "-n", "2"]
    steps: dict[str, list[str | Path]] = {
        "ruff check": [programs / "ruff", "check", "."],
        "ruff format": [programs / "ruff", "format", "--check", "."],
        "templates": [python, "-m", "ops.template_layout", "check"],
        "mypy": [programs / "mypy", "."],
        "import-linter": [python, "-m", "ops.layers"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "translations": [python, "-m", "i18n", "check"],
    }
    if kind == "--quick":
        return steps | {"pytest": [*pytest, "-m", WITHOUT_PROCESSES]}
    measured = [f"--cov={package}" for package in packages()]
    report: list[str | Path] = [programs / "coverage", "report", "--skip-covered"]
    return steps | {
        "pytest": [*pytest, *measured, "--cov-report=", *["--every-point"] * (kind == "--all")],
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
    for line in slowest_files(environment):
        print(line)
    return int(any(status for _, status, _ in report))


def slowest_files(environment: Mapping[str, str]) -> list[str]:
    """Return a line for each of the ten files that took longest, as tests/file_durations.py measured."""
    try:
        seconds = json.loads(Path(environment["TEST_DURATIONS"]).read_text())
    except (KeyError, OSError, ValueError):
        return []
    longest = sorted(seconds.items(), key=lambda item: -item[1])[:SLOWEST]
    return [
        f"\nThe {len(longest)} slowest test files:",
        *(f"{took:7.1f} s  {name}" for name, took in longest),
    ]


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
