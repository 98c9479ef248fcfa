"""What a file must be to be taken with an application, judged by its content."""

from __future__ import annotations

import re

MAX_FILE_MB, MAX_FILES = 5, 6
MAX_FILE_BYTES = MAX_FILE_MB * 1024 * 1024
MAX_NAME_CHARACTERS = 100
JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
EXTENSIONS = {JPEG: "jpg", PNG: "png", PDF: "pdf"}
MAX_PIXELS = 60_000_000
_END_BYTES = 2048


def media_type_of(content: bytes) -> str:
    """Return the type of a picture or a PDF by its bytes, whatever its name says; "" for others."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    is_pdf = re.match(rb"%PDF-[12]\.\d", content) and b"%%EOF" in content[-_END_BYTES:]
    return PDF if is_pdf else ""


def safe_name(name: str, media_type: str) -> str:
    """Return the file's name without folders and odd characters, with the extension of its type."""
    base = re.split(r"[/\\]", name)[-1]
    stem = base.rpartition(".")[0] or base
    plain = re.sub(r"[^\w\- ]+", "_", stem).strip("_ ")[: MAX_NAME_CHARACTERS - 10]
    return f"{plain or 'file'}.{EXTENSIONS[media_type]}"
