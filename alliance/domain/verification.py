"""The code of a contract's public verification: its tenant and the beginning of the hash of its text."""

from __future__ import annotations

import re
from uuid import UUID

DIGEST_CHARACTERS = 32
_CODE = re.compile(r"^([0-9a-f]{32})([0-9a-f]{32})\Z")


def verification_code(tenant_id: UUID, digest: str) -> str:
    """Return the code of the text with this SHA-256: 64 hexadecimal characters."""
    return f"{tenant_id.hex}{digest[:DIGEST_CHARACTERS]}"


def read_verification_code(code: str) -> tuple[UUID, str] | None:
    """Return the tenant and the beginning of the hash; None for anything else."""
    found = _CODE.match(code)
    return (UUID(found[1]), found[2]) if found else None
