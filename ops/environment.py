"""Make the Python environment from the lock file; recognise an existing one by the lock's hash."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ops.places import PROJECT, Places
from ops.processes import tail
from ops.say import Stop, open_log, say

REQUIREMENTS = PROJECT / "requirements"


def lock_for(places: Places, *, tests: bool) -> Path:
    """Return the lock file of the site, or that of the tests once tests have run here."""
    with_tests = tests or read(stamp(places)).startswith("dev.txt ")
    return REQUIREMENTS / ("dev.txt" if with_tests else "run.txt")


def current(places: Places, *, tests: bool) -> bool:
    """Return whether the environment fits the lock file and the Python; costs two file reads."""
    wanted = wanted_stamp(places, lock_for(places, tests=tests))
    return places.python.exists() and read(stamp(places)) == wanted


def ensure_environment(places: Places, *, tests: bool) -> None:
    if current(places, tests=tests):
        return
    lock = lock_for(places, tests=tests)
    stamp(places).unlink(missing_ok=True)
    install(places, lock)
    stamp(places).write_text(wanted_stamp(places, lock))


def stamp(places: Places) -> Path:
    return places.venv / "tripact.stamp"


def wanted_stamp(places: Places, lock: Path) -> str:
    """Return what the stamp must be; it names the Python too, whose file changes with an upgrade."""
    return f"{lock.name} {fingerprint(lock)} {places.venv} {places.python.resolve()}"


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def install(places: Places, lock: Path) -> None:
    """Install with uv if there is one; with pip otherwise, or where uv fails on this machine's network."""
    places.tools.mkdir(parents=True, exist_ok=True)
    log = places.logs / "environment.log"
    if str(places.venv) not in read(places.venv / "bin" / "activate"):
        # A moved or copied environment: its programs name the Python of the old path.
        shutil.rmtree(places.venv, ignore_errors=True)
    if uv := shutil.which("uv"):
        try:
            return install_with_uv(uv, places, lock, log)
        except Stop as reason:
            say(f"{reason}\n· trying pip instead")
    install_with_pip(places, lock, log)


def install_with_uv(uv: str, places: Places, lock: Path, log: Path) -> None:
    call(log, uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, places.venv)
    call(log, uv, "pip", "sync", "--quiet", "--require-hashes", "--python", places.python, lock)


def install_with_pip(places: Places, lock: Path, log: Path) -> None:
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise Stop(missing_venv())
    if not works(places.python):
        shutil.rmtree(places.venv, ignore_errors=True)
        call(log, sys.executable, "-m", "venv", places.venv)
    # Compiling everything doubles the time; Python compiles modules when they are first imported.
    options = ("--quiet", "--no-compile", "--no-input", "--disable-pip-version-check")
    command = (places.python, "-m", "pip", "install", *options)
    call(log, *command, "--no-deps", "--require-hashes", "--requirement", lock)


def works(python: Path) -> bool:
    """Return False for an environment of another Python, or of one that has been removed."""
    try:
        found = subprocess.run(
            [python, "-c", "import pip, sys; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return False
    return found.stdout.split() == [str(part) for part in sys.version_info[:2]]


def missing_venv() -> str:
    """Return how to install these modules, which Debian packages apart from its Python."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    package = f"python{version}-venv" if sys.prefix == "/usr" else "python3-venv"
    become = "" if os.geteuid() == 0 else "sudo "
    return (
        f"{sys.executable} lacks the venv and ensurepip modules. Install them, then start again:\n"
        f"    {become}apt-get install -y {package}"
    )


def call(log: Path, *command: str | Path, **options: Any) -> None:
    """Run a set-up command with its output in the log; raise Stop with the end of the log if it fails."""
    with open_log(log, afresh=True) as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            **options,
        )
    if done.returncode:
        beginning = " ".join(map(str, command[:4]))
        raise Stop(f"{beginning} … failed (status {done.returncode}); the end of {log}:\n{tail(log)}")
