"""Files that a job makes for one person, in a folder for each tenant.

Web servers and workers share the folder. The daily round removes files older than a week.
"""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from tenancy.context import active_tenant_id

MAX_AGE = timedelta(days=7)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}")


def folder() -> Path:
    """Return the active tenant's folder; create it with mode 0700 if it is missing."""
    path = Path(settings.VAR_DIR) / "exports" / str(active_tenant_id())
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_file(name: str, content: bytes) -> Path:
    """Write a file atomically, with mode 0600, and return its path."""
    path = _path(name)
    fresh = path.with_name(f".{name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)
    return path


def open_file(name: str) -> BinaryIO | None:
    """Open a file of the active tenant for reading; return None if it does not exist."""
    try:
        return _path(name).open("rb")
    except (FileNotFoundError, IsADirectoryError):
        return None


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError(f"Not a valid file name: {name!r}")
    return folder() / name


def prune_files(*, at: datetime, by: Any = None) -> int:
    """Remove the active tenant's files that are older than a week; return their number."""
    oldest = (at - MAX_AGE).timestamp()
    removed = 0
    for path in folder().iterdir():
        if path.stat().st_mtime >= oldest:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        removed += 1
    return removed
