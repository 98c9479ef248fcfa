"""Files that a job makes for one person: a folder for each tenant, readable by the server alone.

Web and workers share the folder. What is older than a week is pruned by the daily round.
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

KEPT_FOR = timedelta(days=7)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}")


def folder() -> Path:
    """The active tenant's folder, 0700."""
    path = Path(settings.VAR_DIR) / "exports" / str(active_tenant_id())
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def write_kept(name: str, content: bytes) -> Path:
    """Writes a whole file, 0600, so that it is either there whole or not at all."""
    path = _path(name)
    fresh = path.with_name(f".{name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)
    return path


def kept_file(name: str) -> BinaryIO | None:
    """The file, open to be read; None where it was pruned, or is none of this tenant's."""
    try:
        return _path(name).open("rb")
    except (FileNotFoundError, IsADirectoryError):
        return None


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise ValueError(f"No name of a kept file: {name!r}")
    return folder() / name


def prune_files(*, at: datetime, by: Any = None) -> int:
    """Remove the active tenant's files that are older than a week, and return how many they were."""
    oldest = (at - KEPT_FOR).timestamp()
    removed = 0
    for path in folder().iterdir():
        if path.stat().st_mtime >= oldest:
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        removed += 1
    return removed
