"""What a file must be to be taken as a signed delivery slip, and when a shipment with one is received."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

MAX_SLIP_BYTES = 5 * 1024 * 1024
MAX_SLIPS = 10
MAX_NAME_CHARACTERS = 100
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


def media_type_of(content: bytes) -> str:
    """Return the type of a picture or a PDF by its first bytes, whatever its name says; "" for others."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if re.match(rb"%PDF-[12]\.\d", content) else ""


def safe_name(name: str, media_type: str) -> str:
    """Return the file's name without folders and odd characters, with the extension of its type."""
    base = re.split(r"[/\\]", name)[-1]
    stem = base.rpartition(".")[0] or base
    plain = re.sub(r"[^\w\- ]+", "_", stem).strip("_ ")[: MAX_NAME_CHARACTERS - 10]
    return f"{plain or 'slip'}.{EXTENSIONS[media_type]}"


def received_at(slip_at: datetime, hours: int) -> datetime:
    """Return when a shipment counts as received whose buyer does not answer the slip."""
    return slip_at + timedelta(hours=hours)
