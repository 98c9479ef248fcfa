"""The cards beside a quick order: the next step, the credit left, and why an order is held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ordering.web.quick_sheet import Sheet
from ordering.web.quick_steps import NextStep
from ordering.web.quick_words import figure, money, off
from ui.web.components import Mark, Part, Split, Steps, hundredths


@dataclass(frozen=True, slots=True)
class StepCard:
    steps: Steps
    sku: str
    adds: int
    button: str


def step_card(sheet: Sheet) -> StepCard | None:
    """Three steps around where we are, what the next one saves, and the button that goes there."""
    near = sheet.step
    if near is None:
        return None
    unit, factor = _measure_of(near, sheet)
    name = sheet.names.get(near.scheme.code, near.scheme.code)

    def told(value: Decimal) -> str:
        return figure(value / factor if unit else value.quantize(Decimal("0.01")))

    if unit:
        title = _("%(n)s %(unit)s to the next step") % {"n": _up(near.missing, factor), "unit": unit}
    else:
        title = _("%(amount)s to the next step") % {"amount": money(near.missing)}
    steps = list(near.scheme.steps)
    at = steps.index(near.next)
    around = steps[max(0, at - 1) : at + 2]
    whole = around[-1].from_ if len(around) > 1 or at == len(steps) - 1 else near.next.from_
    marks = [
        Mark(hundredths(one.from_, whole), told(one.from_), off(one), one is near.next) for one in around
    ]
    lines = [
        _("%(scheme)s: from %(from)s on, %(off)s on all of it")
        % {"scheme": name, "from": f"{told(near.next.from_)} {unit}".strip(), "off": off(near.next)}
    ]
    if near.adds:
        saved = {"now": money(near.saves), "then": money(near.would_save)}
        lines.append(_("This order saves %(now)s → %(then)s") % saved)
    button = _("Add %(n)s %(unit)s %(product)s") % {
        "n": figure(near.adds), "unit": near.row.unit_name, "product": near.row.product.name,
    }  # fmt: skip
    note = f"{told(near.measured)} / {told(near.next.from_)}"
    card = Steps(title, note, hundredths(near.measured, whole), marks, lines)
    return StepCard(card, near.row.product.sku, near.adds, button if near.adds else "")


def _measure_of(near: NextStep, sheet: Sheet) -> tuple[str, int]:
    """The unit that a quantity is told in: the covered lines' own where they share one, else units."""
    if not near.scheme.by_quantity:
        return "", 1
    covered = [row for row in sheet.good if near.scheme.skus is None or row.product.sku in near.scheme.skus]
    kinds = {(row.unit_name, row.factor) for row in covered}
    if len(kinds) == 1:
        return next(iter(kinds))
    bases = {row.product.base_unit for row in covered}
    return (bases.pop() if len(bases) == 1 else _("units")), 1


def _up(value: Decimal, factor: int) -> str:
    return figure(-(-value // factor))


@dataclass(frozen=True, slots=True)
class CreditCard:
    split: Split
    holds: bool
    sentences: list[str]


def credit_card(sheet: Sheet, *, sees_figures: bool = True) -> CreditCard | None:
    """What is used, what this order takes, what is left; and what to do where it will be held.

    Who may see no accounts is told no more than that it will be held, and why."""
    credit = sheet.credit
    if credit.position is None or credit.decision is None:
        return None
    if not sees_figures:
        plain = held_plainly(list(credit.decision.reasons))
        return CreditCard(Split(_("Credit"), ""), True, plain) if credit.holds else None
    decision, limit = credit.decision, credit.position.limit
    sentences = []
    if credit.holds:
        sentences = why_held(
            list(decision.reasons),
            limit,
            decision.available,
            decision.asked,
            credit.position.max_overdue_days,
        )
    if limit is None:
        return CreditCard(Split(_("Credit"), _("no limit")), True, sentences) if credit.holds else None
    used = max(decision.exposure, Decimal(0))
    left = decision.available - decision.asked
    parts = [
        Part(
            "used", "0", hundredths(used, limit), _("used %(amount)s") % {"amount": money(decision.exposure)}
        ),
        Part(
            "bad" if credit.holds else "main",
            hundredths(used, limit),
            hundredths(min(decision.asked, max(limit - used, Decimal(0))), limit),
            _("this order"),
        ),
    ]
    title = _("Credit left after this order")
    note = _("limit %(amount)s") % {"amount": money(limit)}
    return CreditCard(Split(title, money(left), parts, note), credit.holds, sentences)


def why_held(
    reasons: Sequence[str],
    limit: Decimal | None,
    available: Decimal,
    asked: Decimal,
    most_days: int | None,
) -> list[str]:
    """Which limit holds the order, by how much, and what to do about it."""
    told = []
    if "over_limit" in reasons:
        words = {"limit": money(limit or Decimal(0)), "left": money(available), "asked": money(asked)}
        if limit is None:
            told.append(_("There is %(left)s left, and this order needs %(asked)s.") % words)
        else:
            told.append(
                _("Of the credit limit %(limit)s there is %(left)s left; this order needs %(asked)s.") % words
            )
        missing = {"amount": money(asked - available)}
        told.append(_("A deposit or payment of %(amount)s releases it.") % missing)
    if "overdue" in reasons:
        days = {"days": most_days or 0}
        told.append(
            _("Something has been overdue for more than %(days)s days: paying it releases the order.") % days
            if most_days is not None
            else _("Something is overdue for too long: paying it releases the order.")
        )
    return told


def held_plainly(reasons: Sequence[str]) -> list[str]:
    """The same to who may see no accounts: without figures."""
    told = []
    if "over_limit" in reasons:
        told.append(_("The buyer's credit does not reach."))
    if "overdue" in reasons:
        told.append(_("Older invoices of the buyer are overdue."))
    return [*told, _("A deposit or a payment of the buyer releases the order.")]
