"""Rows that could not be added, each with its field and its reason."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from ordering.domain.pasting import Unread


def unread_rows(unread: Sequence[Unread]) -> list[dict[str, object]]:
    return [
        {"row": one.row, "text": one.text.replace("\t", " "), "field": _field(one.field), "why": _why(one)}
        for one in unread
    ]


def _field(name: str) -> str:
    names = {"product": _("Product"), "quantity": _("Quantity"), "unit": _("Unit"), "row": _("Row")}
    return names[name]


def _why(one: Unread) -> str:
    found = " / ".join(one.found)
    reasons = {
        "no_quantity": _("a quantity is missing"),
        "no_product": _("the product is missing"),
        "not_whole": _("the quantity is no whole number"),
        "not_positive": _("the quantity is not above zero"),
        "too_large": _("the quantity is too large"),
        "too_many": _("there are more than 5,000 rows; the rest is not read"),
        "too_long": _("the row is too long"),
        "unknown": _("no product has this SKU, barcode or name"),
        "ended": _("it is no longer sold: %(found)s"),
        "ambiguous": _("several products match: %(found)s"),
        "unit": _("it is not sold in this unit; there is %(found)s"),
    }
    told = reasons[one.reason]
    return told % {"found": found} if "%(found)s" in told else told
