"""The rows that could not be added, each with its field and its reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ordering.domain.quick_order.row_problems import RowProblem
from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.web.quick_order.candidates import visible_candidates
from ui.web.numbers import number


def problem_rows(problems: Sequence[RowProblem], priced: Mapping[str, SheetRow]) -> list[dict[str, object]]:
    """Return what the table of problems shows; `priced` are the rows of the candidates by SKU."""
    return [
        {
            "number": problem.number,
            "text": problem.text.replace("\t", " "),
            "field": _field(problem.field),
            "reason": _reason(problem),
            "candidates": visible_candidates(problem.candidates, priced, written=problem.text),
            "more": more_products(problem.more),
        }
        for problem in problems
    ]


def more_products(count: int) -> str:
    """Return how many products match besides those that are listed, "" for none."""
    if not count:
        return ""
    sentence = ngettext(
        "%(n)s more product matches: write more of its name.",
        "%(n)s more products match: write more of the name.",
        count,
    )
    return sentence % {"n": number(count)}


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
        "several": _("it seems to name several products: write one in each line"),
        "formula": _("a formula computes it: check the value, then add the row"),
        "unknown": _("no product has this SKU, barcode or name"),
        "not_searched": _("no product is called exactly so; too many such rows to search them all"),
        "guess": _("no product is called exactly so: is it one of these?"),
        "ended": _("it is no longer sold: %(found)s"),
        "ambiguous": _("several products match: %(found)s"),
        "unit": _("it is not sold in this unit; there is %(found)s"),
    }
    reason = reasons[problem.reason]
    found = " / ".join(problem.choices)
    return reason % {"found": found} if "%(found)s" in reason else reason
