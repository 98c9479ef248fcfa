"""Whether a change needs a second person, and the fingerprint of what its approval is about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """The tenant's rule for a kind: no approval, approval always, or approval of amounts over `above`."""

    is_required: bool = True
    above: Decimal | None = None

    def needs(self, amount: Decimal | None) -> bool:
        """Return whether a change of this amount needs a second person; None is an unlimited amount."""
        if not self.is_required:
            return False
        return self.above is None or amount is None or amount > self.above


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A line of what changes, as the approver reads it. The label is a message of the catalogue."""

    label: str
    old: str
    new: str


def fingerprint(values: Mapping[str, Any], basis: Any) -> str:
    """Return the SHA-256 of the stored values and of what they are based on, both as JSON."""
    text = json.dumps([values, basis], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
