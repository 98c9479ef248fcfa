"""Reading single typed values of the contract form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from kernel.typed_input import UnreadableInput, read_amount

MAX_CHARACTERS = 200
_CODE = re.compile(r"[（(]([^（()）]+)[)）]\s*$")


@dataclass
class FormRow:
    """A typed row; `wrong` has the error messages by field."""

    values: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    place: int = 0

    @property
    def is_blank(self) -> bool:
        return not any(self.values.values())


def clean(text: str, max_characters: int = MAX_CHARACTERS) -> str:
    return text.replace("\x00", "").strip()[:max_characters]


def code_in(text: str) -> str:
    """Return the code of a picked text: "441302" of “惠州市惠城区 (441302)”; otherwise the text."""
    found = _CODE.search(text)
    return found[1].strip() if found else text.strip()


def decimal_or_none(text: str) -> Decimal | None:
    """Return a typed amount with at most 4 places, or None if it cannot be read."""
    try:
        return read_amount(text, places=4)
    except UnreadableInput:
        return None
