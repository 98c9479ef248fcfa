"""The rows that could not be added, each with its field and its reason in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from ordering.domain.quick_order.pasted_rows import RowProblem


def problem_rows(problems: Sequence[RowProblem]) -> list[dict[str, object]]:
    """Return what the table of problems shows."""
    return [
        {
            "number": problem.number,
            "text": problem.text.replace("\t", " "),
            "field": _field(problem.field),
            "reason": _reason(problem),
        }
        for problem in problems
    ]


def _field(name: str) -> str:
    names = {"product": _("Product"), "quantity": _("Quantity"), "unit": _("Unit"), "row": _("Row")}
    return names[name]


def _reason(problem: RowProblem) -> str:
    reasons = {
        "no_quantity": _("a quantity is missing"),
        "no_product": _("the product is missing"),
        "not_whole": _("the quantity is no whole number"),
        "two_meanings": _("the quantity has more than one meaning: write 1,200 or 15"),
        "not_positive": _("the quantity is not above zero"),
        "too_large": _("the quantity is too large"),
        "too_many": _("there are more than 5,000 rows; the rest is not read"),
        "too_long": _("the row is too long"),
        "formula": _("a formula computes it: check the value, then add the row"),
        "unknown": _("no product has this SKU, barcode or name"),
        "ended": _("it is no longer sold: %(found)s"),
        "ambiguous": _("several products match: %(found)s"),
        "unit": _("it is not sold in this unit; there is %(found)s"),
    }
    reason = reasons[problem.reason]
    found = " / ".join(problem.choices)
    return reason % {"found": found} if "%(found)s" in reason else reason
