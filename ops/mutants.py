"""`./run mutants ROOM [MODULE …]`: whether the tests notice when a rule of the room's domain/ changes.

mutmut works in a copy with the domain's tests alone, which need no database. It passes over decorated
functions, so the copy loses `@exact` and its decimals have the exact context from the
start. Readers of cases (`*_case.py`) are left out: golden files test them through `manage.py simulate`.
"""

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from ops.children import pass_through
from ops.places import PROJECT, Places
from ops.say import Stop, say
from ops.setup import ensure_setup

MIN_KILLED_PERCENT = 90
CONFTEST = """\
from decimal import setcontext

from hypothesis import HealthCheck, settings
from kernel.money import EXACT

setcontext(EXACT)
settings.register_profile("mutants", deadline=None, derandomize=True, database=None,
                          suppress_health_check=list(HealthCheck))
settings.load_profile("mutants")
"""
CONFIGURATION = """\
[tool.mutmut]
source_paths = ["{room}"]
only_mutate = {only}
do_not_mutate = ["*_case.py"]
use_setproctitle = false
also_copy = {copied}
pytest_add_cli_args = ["-p", "no:django", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}

[tool.pytest.ini_options]
"""


def mutants(places: Places, room: str, modules: Sequence[str]) -> int:
    """Return 1 where fewer mutants than MIN_KILLED_PERCENT are killed; name those that survive."""
    ensure_setup(places, tests=True)
    if not (PROJECT / room / "domain").is_dir():
        raise Stop(f"{room} has no domain/.")
    tests = domain_tests(room)
    if not tests:
        raise Stop(f"no test file imports {room}.domain.")
    copy = copied(places.home / "mutants" / room, room, modules, tests)
    os.chdir(copy)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for command in (["run", "--max-children", "2"], ["results"], ["export-cicd-stats"]):
        if status := pass_through([places.venv / "bin" / "mutmut", *command], environment):
            return status
    counted = json.loads((copy / "mutants" / "mutmut-cicd-stats.json").read_text())
    killed, total = counted["killed"] + counted["timeout"], counted["total"]
    share = 100 * killed / total if total else 0
    say(f"{room}: {killed} of {total} mutants killed, {share:.1f} % (bar: {MIN_KILLED_PERCENT} %)")
    return int(share < MIN_KILLED_PERCENT)


def domain_tests(room: str) -> list[Path]:
    """Return the files of domain tests that import the room's rules."""
    imports = re.compile(rf"^\s*(from|import) {room}\.domain\b", re.M)
    return [
        path.relative_to(PROJECT)
        for path in sorted((PROJECT / "tests").rglob("domain/test_*.py"))
        if imports.search(path.read_text("utf-8"))
    ]


def copied(folder: Path, room: str, modules: Sequence[str], tests: Sequence[Path]) -> Path:
    """Copy the packages and the domain's tests; return the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}
    for name in packages:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (folder / room / "domain").rglob("*.py"):
        path.write_text(re.sub(r"^@exact\n", "", path.read_text("utf-8"), flags=re.M), "utf-8")
    for path in (PROJECT / "tests").rglob("*.py"):
        here = folder / path.relative_to(PROJECT)
        if path.name == "__init__.py" or path.parent.name == "domain":
            here.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, here)
    (folder / "tests" / "conftest.py").write_text(CONFTEST)
    only = [f"{room}/domain/{module}.py" for module in modules] or [f"{room}/domain/*"]
    (folder / "pyproject.toml").write_text(
        CONFIGURATION.format(
            room=room, only=only, copied=sorted(packages - {room}), tests=[str(path) for path in tests]
        )
    )
    return folder
