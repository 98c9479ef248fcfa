"""Why a scheme does not apply to a draft: its budget is used up, or a set of a bundle is incomplete."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from ordering.queries.quick_order.sheet import Sheet
from pricing.domain.quote import SchemeOutcome
from pricing.domain.schemes import Allowance, Bundle, Scheme
from ui.web.joined_lists import join_list
from ui.web.numbers import grouped, number


def scheme_notes(sheet: Sheet) -> list[str]:
    """Return a sentence for each scheme that is used up, and for each bundle with a part of a set ordered."""
    if sheet.request is None or sheet.quote is None:
        return []
    schemes = {one.code: one for one in sheet.request.schemes}
    return [note for outcome in sheet.quote.schemes for note in _notes(schemes[outcome.code], outcome, sheet)]


def _notes(scheme: Scheme, outcome: SchemeOutcome, sheet: Sheet) -> Iterator[str]:
    words = {"scheme": sheet.names.get(scheme.code, scheme.code)}
    left = scheme.allowance or Allowance()
    if outcome.reason == "budget_exhausted":
        yield _("%(scheme)s does not apply: its budget has %(left)s left.") % (
            words | {"left": _left(left.money, left.units)}
        )
    elif outcome.reason == "buyer_limit":
        yield _("%(scheme)s does not apply: your limit has %(left)s left.") % (
            words | {"left": _left(left.buyer_money, left.buyer_units)}
        )
    elif isinstance(scheme, Bundle) and outcome.reason in {"applied", "incomplete_set"}:
        ordered = {row.product.sku: row.quoted.qty for row in sheet.good}
        parts = [f"{number(item.qty)} × {item.sku}" for item in scheme.missing(ordered)]
        yield _("%(scheme)s: %(parts)s more for the next set.") % (words | {"parts": join_list(parts)})


def _left(money: Decimal | None, units: int | None) -> str:
    parts = [] if money is None else [grouped(max(money, Decimal(0)), 2)]
    if units is not None:
        parts.append(_("%(units)s units") % {"units": number(max(units, 0))})
    return join_list(parts)
