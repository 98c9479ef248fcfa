"""The folders: the project, and the home (`TRIPACT_HOME`) that holds all data."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ops.say import Stop

PROJECT = Path(__file__).resolve().parent.parent


SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the mount itself, nothing temporary of ours


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one installation; two homes share nothing but the project's files."""

    home: Path
    tools: Path

    @property
    def venv(self) -> Path:
        return self.tools / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def node_modules(self) -> Path:
        return self.tools / "node_modules"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def key(self) -> str:
        """Return a short name of this home, for what must be outside of it."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:12]


def may_share_memory() -> bool:
    """Return whether shared memory can be used; containers may lack /dev/shm, macOS does not need it."""
    return os.access(SHARED_MEMORY, os.W_OK) if Path("/proc").exists() else True


def find_places() -> Places:
    """Return the home that `TRIPACT_HOME` names, or `var` in the project."""
    home = Path(os.environ.get("TRIPACT_HOME") or PROJECT / "var").absolute()
    return places_at(home)


def places_at(home: Path, tools: Path | None = None) -> Places:
    """Make the folders and check that they are writable; logs and records are for the owner only."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable(home)
        for folder in (home / "log", home / "run"):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
    except OSError as error:
        raise Stop(
            f"{home} cannot be written to ({error.strerror}). Name a folder that can, for example\n"
            f"    TRIPACT_HOME=$HOME/tripact ./run up"
        ) from error
    return Places(home=home, tools=tools or tools_folder(home))


def tools_folder(home: Path) -> Path:
    """Return the folder of the installed packages: the project, or the home if that is read-only."""
    try:
        writable(PROJECT)
    except OSError:
        return home / "tools"
    return PROJECT


def writable(folder: Path) -> None:
    """Raise OSError unless a file can be made; permission bits do not reveal a read-only mount."""
    with tempfile.TemporaryFile(dir=folder):
        pass
