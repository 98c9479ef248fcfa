"""What a row of the quick order says: its schemes as badges, its stock, why it is blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ordering.web.quick_rows import Row
from ordering.web.quick_sheet import Sheet
from pricing.domain.schemes import FreeGoods, OrderAmount, Scheme, SpecialPrice, Step, StepScheme
from ui.web.components import Badge

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
    stage: Badge | None = None


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
        stage=_stage(product.stage),
    )


def _stage(stage: str) -> Badge | None:
    match stage:
        case "trial":
            return Badge(_("New product"), "info")
        case "ending":
            return Badge(_("Running out"))
    return None


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
        there = {"n": figure(row.available // row.factor), "unit": row.unit_name}
        if row.available // row.factor:
            return Badge(_("Only %(n)s %(unit)s in stock") % there, "warn", "clock")
        return Badge(_("Out of stock"), "bad", "alert-octagon")
    return Badge(_("In stock"), "", "circle-check")


def _reason(row: Row, sheet: Sheet) -> tuple[str, str]:
    match row.state:
        case "no_price":
            return "bad", _("There is no price for this product today: the manufacturer has to publish one.")
        case "short":
            return "bad", _short(row, sheet)
        case "block":
            return "bad", _broken(row, sheet)
        case "review":
            told = _("The net price leaves the protected limit: a person at the seller has to approve it.")
            return "warn", told
        case "advise":
            return "", _("The net price leaves the advised limit; the order can be placed.")
    return "", ""


def _short(row: Row, sheet: Sheet) -> str:
    """What is short and, where it has been shipped to the seller, since when: when it comes nobody says."""
    told = _("There is not enough in stock, free goods counted; the line waits in the draft.")
    coming = sheet.on_the_way.get(row.product.id)
    missing = row.units + row.quoted.free_qty - (row.available or 0)
    if coming is None or missing < 1:
        return told
    units = min(coming.units, missing)
    whole = units // row.factor
    words = {
        "n": figure(whole or units), "unit": row.unit_name if whole else row.product.base_unit,
        "day": date_format(coming.since, "MONTH_DAY_FORMAT"),
    }  # fmt: skip
    way = _("%(n)s %(unit)s of it left for the seller on %(day)s; no day of arrival is known.") % words
    return f"{told} {way}"


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


def units_told(rows: Sequence[Row]) -> str:
    """How much in all, in each unit that the rows are ordered in."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.unit_name] = counts.get(row.unit_name, 0) + row.qty
    return " + ".join(f"{figure(count)} {unit}" for unit, count in counts.items())


def lines_told(count: int) -> str:
    return ngettext("%(n)s line", "%(n)s lines", count) % {"n": figure(count)}
