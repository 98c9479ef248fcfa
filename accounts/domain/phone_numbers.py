"""Phone numbers as they are kept: E.164."""

from __future__ import annotations

import phonenumbers


def e164(typed: str) -> str:
    """A Chinese or international number in E.164; "" where it is none."""
    try:
        number = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
