"""`./run lock`: write the lock files from pyproject.toml and package.json.

They name neither an index nor addresses of packages, so that they install from whatever source a
machine is configured for.
"""

import shutil
import subprocess
from pathlib import Path

from ops.environment import call
from ops.frontend import bundled_npm, system_npm
from ops.places import PROJECT, Places
from ops.say import Stop, say
from ops.setup import ensure_setup

OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes")
SILENT = ("--no-header", "--no-annotate", "--quiet")
FILES = {
    "base.txt": (),
    "run.txt": ("--extra", "embedded"),
    "dev.txt": ("--extra", "embedded", "--group", "dev"),
}


def lock(places: Places, upgrade: bool) -> int:
    ensure_setup(places, tests=True)
    log = places.logs / "lock.log"
    uv = find_uv(places)
    for name, parts in FILES.items():
        say(f"· requirements/{name}")
        target = PROJECT / "requirements" / name
        more = ("--upgrade",) if upgrade else ()
        command = (uv, "pip", "compile", "pyproject.toml", *parts, *OPTIONS, *SILENT, *more)
        call(log, *command, "--output-file", target, cwd=PROJECT)
    npm = system_npm() or bundled_npm(places)
    if not npm:
        raise Stop("there is no npm to lock the front-end packages with.")
    say("· package-lock.json")
    call(log, npm, "install", "--package-lock-only", "--ignore-scripts", cwd=PROJECT)
    if '"resolved"' in (PROJECT / "package-lock.json").read_text():
        raise Stop("package-lock.json names addresses: this npm does not know the option in .npmrc.")
    return 0


def find_uv(places: Places) -> str | Path:
    if found := shutil.which("uv"):
        return found
    uv = places.venv / "bin" / "uv"
    if not uv.exists():
        call(places.logs / "lock.log", places.python, "-m", "pip", "install", "--quiet", "uv")
    if subprocess.run([uv, "--version"], capture_output=True, check=False).returncode:
        raise Stop("uv does not run here; install it and try again.")
    return uv
