"""Bases and rates as text: money with its percentage, or units with money per unit."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rebates.models import Program
from ui.web.numbers import grouped, number, percent


def rate_text(rate: Decimal | str, measure: str) -> str:
    """Return "2%" of a program by amount, "0.05 per base unit" of one by quantity."""
    if measure == Program.Measure.QUANTITY:
        return _("%(money)s per base unit") % {"money": number(rate)}
    return percent(rate)


def base_text(base: Decimal | str, measure: str) -> str:
    """Return "12,000.00" of a program by amount, "2,000 base units" of one by quantity."""
    value = Decimal(str(base))
    if measure == Program.Measure.QUANTITY:
        text = ngettext("%(number)s base unit", "%(number)s base units", int(abs(value)))
        return text % {"number": number(value)}
    return grouped(value, 2)


def step_text(start: Decimal | str, measure: str) -> str:
    """Return where a step begins: "50,000", or "2,000 base units"."""
    return base_text(start, measure) if measure == Program.Measure.QUANTITY else number(start)
