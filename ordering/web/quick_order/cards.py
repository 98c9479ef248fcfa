"""The cards beside an order: the next step of a scheme, the credit left, and why an order is held."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ledger.domain.credit import CreditDecision
from ordering.domain.quick_order.next_step import NextStep
from ordering.queries.quick_order.sheet import Sheet
from ordering.web.quick_order.rows import discount, money
from ui.web.components import Mark, Part, Split, Steps, hundredths
from ui.web.local_names import unit_name
from ui.web.numbers import number


@dataclass(frozen=True, slots=True)
class StepCard:
    """`button` adds `adds` units of `sku`; "" where no quantity reaches the step."""

    steps: Steps
    sku: str
    adds: int
    button: str


def step_card(sheet: Sheet) -> StepCard | None:
    """Return the steps around the present one, what the next one saves, and the button that reaches it."""
    near = sheet.step
    if near is None:
        return None
    unit, factor = _unit_of_measure(near, sheet)

    def measure(value: Decimal) -> str:
        return number(value / factor if unit else value.quantize(Decimal("0.01")))

    product = {
        "n": number(near.adds),
        "unit": unit_name(near.row.unit_name),
        "product": near.row.product.name,
    }
    marks, end = _marks(near, measure)
    steps = Steps(
        title=_step_title(near, unit, factor),
        note=f"{measure(near.measured)} / {measure(near.next.from_)}",
        width=hundredths(near.measured, end),
        marks=marks,
        lines=_step_lines(near, sheet, f"{measure(near.next.from_)} {unit}".strip()),
    )
    button = _("Add %(n)s %(unit)s %(product)s") % product if near.adds else ""
    return StepCard(steps, near.row.product.sku, near.adds, button)


def _step_title(near: NextStep, unit: str, factor: int) -> str:
    if unit:
        missing = number(-(-near.missing // factor))
        return _("%(n)s %(unit)s to the next step") % {"n": missing, "unit": unit}
    return _("%(amount)s to the next step") % {"amount": money(near.missing)}


def _marks(near: NextStep, measure: Callable[[Decimal], str]) -> tuple[list[Mark], Decimal]:
    """Return the steps beside the next one, and the value at which the bar ends."""
    steps = list(near.scheme.steps)
    at = steps.index(near.next)
    around = steps[max(0, at - 1) : at + 2]
    end = around[-1].from_ if len(around) > 1 or at == len(steps) - 1 else near.next.from_
    marks = [
        Mark(hundredths(one.from_, end), measure(one.from_), discount(one), one is near.next)
        for one in around
    ]
    return marks, end


def _step_lines(near: NextStep, sheet: Sheet, start: str) -> list[str]:
    name = sheet.names.get(near.scheme.code, near.scheme.code)
    step = {"scheme": name, "from": start, "off": discount(near.next)}
    lines = [_("%(scheme)s: from %(from)s on, %(off)s on all of it") % step]
    if near.adds:
        saved = {"now": money(near.saves), "then": money(near.would_save)}
        lines.append(_("This order saves %(now)s → %(then)s") % saved)
    return lines


def _unit_of_measure(near: NextStep, sheet: Sheet) -> tuple[str, int]:
    """Return the unit of a step by quantity: the covered lines' own where they share one, else units."""
    if not near.scheme.by_quantity:
        return "", 1
    skus = near.scheme.skus
    covered = [row for row in sheet.good if skus is None or row.product.sku in skus]
    kinds = {(row.unit_name, row.factor) for row in covered}
    if len(kinds) == 1:
        return next(iter(kinds))
    bases = {row.product.base_unit for row in covered}
    return (unit_name(bases.pop()) if len(bases) == 1 else _("units")), 1


@dataclass(frozen=True, slots=True)
class CreditCard:
    split: Split
    holds: bool
    reasons: list[str]


def credit_card(sheet: Sheet, *, with_figures: bool = True) -> CreditCard | None:
    """Return what is used, what this order takes and what is left, and what to do where it will be held.

    Without figures, for a user who may not see accounts, it says only that the order will be held.
    """
    credit = sheet.credit
    if credit.position is None or credit.decision is None:
        return None
    decision, limit = credit.decision, credit.position.limit
    if not with_figures:
        if not credit.holds:
            return None
        return CreditCard(Split(_("Credit"), ""), True, hold_reasons_without_figures(decision.reasons))
    reasons = []
    if credit.holds:
        reasons = hold_reasons(
            decision.reasons,
            limit=limit,
            available=decision.available,
            needed=decision.requested,
            max_overdue_days=credit.position.max_overdue_days,
        )
    if limit is None:
        return CreditCard(Split(_("Credit"), _("no credit limit")), True, reasons) if credit.holds else None
    return CreditCard(_credit_bar(decision, limit, holds=credit.holds), credit.holds, reasons)


def _credit_bar(decision: CreditDecision, limit: Decimal, *, holds: bool) -> Split:
    used = max(decision.exposure, Decimal(0))
    taken = min(decision.requested, max(limit - used, Decimal(0)))
    used_label = _("used %(amount)s") % {"amount": money(decision.exposure)}
    parts = [
        Part("used", "0", hundredths(used, limit), used_label),
        Part("bad" if holds else "main", hundredths(used, limit), hundredths(taken, limit), _("this order")),
    ]
    left = decision.available - decision.requested
    note = _("credit limit %(amount)s") % {"amount": money(limit)}
    return Split(_("Available credit after this order"), money(left), parts, note)


def hold_reasons(
    reasons: Sequence[str],
    *,
    limit: Decimal | None,
    available: Decimal,
    needed: Decimal,
    max_overdue_days: int | None,
) -> list[str]:
    """Return which limit holds the order, by how much, and what to do about it."""
    sentences = []
    if "over_limit" in reasons:
        figures = {"limit": money(limit or Decimal(0)), "left": money(available), "asked": money(needed)}
        sentence = _("Of the credit limit of %(limit)s, %(left)s is available; this order needs %(asked)s.")
        if limit is None:
            sentence = _("Available credit is %(left)s; this order needs %(asked)s.")
        missing = {"amount": money(needed - available)}
        sentences += [
            sentence % figures,
            _("A prepayment or payment of %(amount)s releases it.") % missing,
        ]
    if "overdue" in reasons and max_overdue_days is None:
        sentences.append(_("An invoice is overdue for too long; paying it releases the order."))
    elif "overdue" in reasons:
        sentence = _("An invoice is overdue by more than %(days)s days; paying it releases the order.")
        sentences.append(sentence % {"days": max_overdue_days})
    return sentences


def hold_reasons_without_figures(reasons: Sequence[str]) -> list[str]:
    """Return the same for a user who may not see accounts."""
    sentences = []
    if "over_limit" in reasons:
        sentences.append(_("Credit limit exceeded."))
    if "overdue" in reasons:
        sentences.append(_("Older invoices of the buyer are overdue."))
    return [*sentences, _("A prepayment or a payment of the buyer releases the order.")]
