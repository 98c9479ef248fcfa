"""What the quick order says: schemes as badges, why a line is blocked, steps and credit as cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ordering.domain.pasting import Unread
from ordering.web.quick_sheet import Row, Sheet
from ordering.web.quick_steps import NextStep
from pricing.domain.schemes import FreeGoods, OrderAmount, Scheme, SpecialPrice, Step, StepScheme
from tenancy.web.shapes import Badge, Mark, Part, Split, Steps, hundredths

MINUS = "\N{MINUS SIGN}"


def figure(value: Decimal | int) -> str:
    """Grouped, without the zeros that end it, with a real minus."""
    text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def money(value: Decimal) -> str:
    return f"{value:,.2f}".replace("-", MINUS)


def off(step: Step) -> str:
    if step.percent_off is not None:
        return f"{MINUS}{figure((step.percent_off * 100).normalize())}%"
    return f"{MINUS}{figure(step.amount_off or Decimal(0))}"


@dataclass(frozen=True, slots=True)
class ShownRow:
    row: Row
    badges: list[Badge]
    stock: Badge
    why_url: str
    reason: str = ""
    clauses: tuple[str, ...] = ()
    mood: str = ""
    instead: str = ""
    units: list[tuple[str, str]] = field(default_factory=list)


def shown_row(row: Row, sheet: Sheet, query: dict[str, str]) -> ShownRow:
    """A row with its badges and, where something is wrong, the reason and the way out."""
    mood, reason = _reason(row, sheet)
    asked = urlencode(query | {"sku": row.product.sku})
    product = row.product
    return ShownRow(
        row=row,
        badges=list(_badges(row, sheet)),
        stock=_stock(row),
        why_url=f"{reverse('order-new-why')}?{asked}",
        reason=reason,
        clauses=row.quoted.clauses,
        mood=mood,
        instead=_("Order %(qty)s %(unit)s") % {"qty": figure(row.instead), "unit": row.unit_name}
        if row.instead
        else "",
        units=[("", product.base_unit), *((name, f"{name} ({factor})") for name, factor in product.units)],
    )


def _schemes(sheet: Sheet) -> dict[str, Scheme]:
    return {s.code: s for s in sheet.request.schemes} if sheet.request else {}


def _badges(row: Row, sheet: Sheet) -> list[Badge]:
    schemes, badges = _schemes(sheet), []
    progress = {one.code: one.progress for one in sheet.quote.schemes} if sheet.quote else {}
    for code in row.quoted.schemes:
        scheme = schemes.get(code)
        match scheme:
            case SpecialPrice():
                badges.append(Badge(_("Special price"), "teal"))
            case FreeGoods():
                rule = {"buy": scheme.rule.buy, "free": scheme.rule.free}
                told = _("%(buy)s + %(free)s free") % rule
                given = f"{told} · {figure(row.quoted.free_qty)} {row.product.base_unit}"
                badges.append(Badge(given, "teal", "gift"))
            case OrderAmount():
                continue
            case StepScheme():
                there = progress.get(code)
                step = scheme.reached(there.measured) if there else None
                told = _("Step %(off)s") % {"off": off(step)} if step else sheet.names.get(code, code)
                badges.append(Badge(told, "teal"))
    for gift in sheet.gifts:
        scheme = schemes.get(gift.scheme)
        covers = scheme is not None and (scheme.skus is None or row.product.sku in scheme.skus)
        if covers and not row.is_blocked:
            badges.append(Badge(_("Earns a gift"), "teal", "gift"))
    return badges


def _stock(row: Row) -> Badge:
    if row.state in {"block", "no_price"}:
        return Badge(_("Cannot be ordered"), "bad", "alert-octagon")
    if row.available is None:
        return Badge(_("The seller confirms"), "", "clock")
    if row.state == "short":
        factor = max(row.product.factor(row.unit), 1)
        there = {"n": figure(row.available // factor), "unit": row.unit_name}
        if row.available // factor:
            return Badge(_("Only %(n)s %(unit)s in stock") % there, "warn", "clock")
        return Badge(_("Out of stock"), "bad", "alert-octagon")
    return Badge(_("In stock"), "", "circle-check")


def _reason(row: Row, sheet: Sheet) -> tuple[str, str]:
    match row.state:
        case "no_price":
            return "bad", _("There is no price for this product today: the manufacturer has to publish one.")
        case "short":
            return "bad", _("There is not enough in stock, free goods counted; the line waits in the draft.")
        case "block":
            return "bad", _broken(row, sheet)
        case "review":
            told = _("The net price leaves the protected limit: a person at the seller has to approve it.")
            return "warn", told
        case "advise":
            return "", _("The net price leaves the advised limit; the order can be placed.")
    return "", ""


def _broken(row: Row, sheet: Sheet) -> str:
    names = [sheet.names.get(code, code) for code in row.quoted.schemes]
    if not row.breaks_floor:
        return _("The net price is above the protected limit.")
    if len(names) > 1:
        told = _("%(schemes)s together bring the net price below the protected limit.")
        return told % {"schemes": _(" and ").join(names)}
    if names:
        return _("%(scheme)s brings the net price below the protected limit.") % {"scheme": names[0]}
    return _("The net price is below the protected limit.")


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
    kinds = {(row.unit_name, max(row.product.factor(row.unit), 1)) for row in covered}
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


def lines_told(count: int) -> str:
    return ngettext("%(n)s line", "%(n)s lines", count) % {"n": figure(count)}
