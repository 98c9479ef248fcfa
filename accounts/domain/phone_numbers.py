"""Phone numbers in the form in which they are stored: E.164."""

from __future__ import annotations

import phonenumbers


def e164(typed: str) -> str:
    """Return a Chinese or international number in E.164, or "" if it is not valid."""
    try:
        number = phonenumbers.parse(typed, "CN")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
