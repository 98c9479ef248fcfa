"""Translated messages for the errors of kernel.cases."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "bad_json": gettext_lazy("This is no valid JSON."),
    "not_an_object": gettext_lazy("This must be an object in braces."),
    "duplicate_key": gettext_lazy("This key is there twice."),
    "missing": gettext_lazy("This is missing."),
    "empty": gettext_lazy("This may not be empty."),
    "unknown_key": gettext_lazy("This key is not known here."),
    "not_a_list": gettext_lazy("This must be a list in brackets."),
    "not_text": gettext_lazy("This must be text in quotation marks."),
    "not_a_boolean": gettext_lazy("This must be true or false."),
    "not_a_date": gettext_lazy("This must be a date like 2026-06-01."),
    "negative": gettext_lazy("This may not be negative."),
    "json_float": gettext_lazy("Write a decimal in quotation marks: it stays exact."),
    "not_a_number": gettext_lazy("This must be a number like 12 or “12.50”."),
    "too_many_places": gettext_lazy("This has too many decimal places."),
    "too_large": gettext_lazy("This number is too large."),
    "not_whole": gettext_lazy("This must be a whole number."),
    "zero": gettext_lazy("This must be at least 1."),
    "duplicate": gettext_lazy("This is there twice."),
    "out_of_order": gettext_lazy("This must be more than the one before it."),
    "too_many_free": gettext_lazy("No more may be free than are paid for."),
    "not_both": gettext_lazy("Only one of the two may be there."),
}
CHOICES = re.compile(r"one of: (.*)\.$")


def explained(code: str, message: str) -> str:
    """Return an error's message in the active language; `message` itself for an unknown code."""
    found = CHOICES.search(message)
    if code == "unknown_choice" and found:
        return _("This must be one of: %(choices)s.") % {"choices": found[1]}
    return str(WORDS.get(code, message))
