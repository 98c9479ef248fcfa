"""Passwords of the embedded servers and the signing key, created once per home, readable by the owner."""

import json
import os
import secrets
from pathlib import Path

NAMES = ("superuser", "owner", "app", "backup", "valkey", "signing")


def read_secrets(path: Path) -> dict[str, str]:
    """Return the secrets, adding those that are missing."""
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in NAMES if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(32) for name in missing}
        keep(path, json.dumps(known, indent=1))
    return known


def keep(path: Path, secret: str) -> None:
    """Write a file that only the owner can read, completely or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret)
    fresh.rename(path)
