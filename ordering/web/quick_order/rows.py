"""A row of the sheet in words: its schemes as badges, its stock, and why it is blocked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.queries.quick_order.sheet import Sheet
from pricing.domain.schemes import Bundle, FreeGoods, OrderAmount, Scheme, SpecialPrice, Step, StepScheme
from ui.web.components import Badge
from ui.web.local_names import unit_name
from ui.web.numbers import MINUS, grouped, number, percent

CITES_CLAUSES = frozenset({"advise", "review", "block"})
"""The states of a row that come from a limit; missing stock or a product not on sale has no clause."""


def money(value: Decimal) -> str:
    return grouped(value, 2)


def discount(step: Step) -> str:
    """Return what a step takes off, as a percentage or an amount."""
    if step.percent_off is not None:
        return f"{MINUS}{percent(step.percent_off)}"
    return f"{MINUS}{number(step.amount_off or Decimal(0))}"


@dataclass(frozen=True, slots=True)
class VisibleRow:
    """`alternative` is the button of a quantity that could be sent, `successor` that of the product to order
    instead; `mood` is bad, warn or "".

    `in_base_units` says what a quantity in a larger unit comes to; `override_url` is the page that sets the
    price by hand, "" for people who may not.
    """

    row: SheetRow
    badges: list[Badge]
    stock: Badge
    why_url: str
    reason: str
    mood: str
    clauses: tuple[str, ...]
    alternative: str
    successor: str
    in_base_units: str
    units: list[tuple[str, str]]
    stage: Badge | None
    override_url: str = ""


def visible_row(
    row: SheetRow, sheet: Sheet, query: dict[str, str], *, may_override: bool = False
) -> VisibleRow:
    """Return a row with its badges and, where something is wrong, the reason and the way out."""
    mood, reason = _reason(row, sheet)
    product = row.product
    link = urlencode(query | {"sku": product.sku})
    alternative = {"qty": number(row.alternative), "unit": unit_name(row.unit_name, row.alternative)}
    return VisibleRow(
        row=row,
        badges=[*_manual_badges(row), *_scheme_badges(row, sheet), *_gift_badges(row, sheet)],
        stock=stock_badge(row),
        why_url=f"{reverse('order-new-why')}?{link}",
        reason=reason,
        mood=mood,
        clauses=row.quoted.deciding_clauses if row.state in CITES_CLAUSES else (),
        alternative=_("Order %(qty)s %(unit)s") % alternative if row.alternative else "",
        successor=_successor(row),
        in_base_units=_in_base_units(row),
        units=[
            ("", unit_name(product.base_unit)),
            *((name, f"{unit_name(name)} ({factor})") for name, factor in product.units),
        ],
        stage=_stage(product.stage),
        override_url=f"{reverse('order-new-override')}?{link}" if may_override else "",
    )


def _manual_badges(row: SheetRow) -> list[Badge]:
    return [Badge(_("Manual price"), "info", "pencil")] if row.override is not None else []


def _successor(row: SheetRow) -> str:
    product = row.product
    return _("Order %(name)s instead") % {"name": product.successor_name} if product.successor_sku else ""


def _in_base_units(row: SheetRow) -> str:
    """Return `= 80 桶`, "" for a quantity of the base unit."""
    if row.factor == 1:
        return ""
    return f"= {number(row.units)} {unit_name(row.product.base_unit, row.units)}"


def total_by_unit(rows: Sequence[SheetRow]) -> str:
    """Return the quantity in all, in each unit that the rows are ordered in."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.unit_name] = counts.get(row.unit_name, 0) + row.qty
    return " + ".join(f"{number(count)} {unit_name(unit, count)}" for unit, count in counts.items())


def line_count(count: int) -> str:
    return ngettext("%(n)s line", "%(n)s lines", count) % {"n": number(count)}


def _stage(stage: str) -> Badge | None:
    match stage:
        case "trial":
            return Badge(_("New product"), "info")
        case "ending":
            return Badge(_("Being phased out"), "warn")
    return None


def _scheme_badges(row: SheetRow, sheet: Sheet) -> list[Badge]:
    schemes = _schemes(sheet)
    progress = {one.code: one.progress for one in sheet.quote.schemes} if sheet.quote else {}
    badges = []
    if sheet.tax_basis == "mixed" and not row.quoted.tax_included:
        badges.append(Badge(_("price without tax"), "info"))
    for code in row.quoted.schemes:
        match scheme := schemes.get(code):
            case SpecialPrice():
                badges.append(Badge(_("Special price"), "teal"))
            case FreeGoods():
                rule = {"buy": scheme.rule.buy, "free": scheme.rule.free}
                free = (
                    f"{number(row.quoted.free_qty)} {unit_name(row.product.base_unit, row.quoted.free_qty)}"
                )
                label = _("%(buy)s + %(free)s free") % rule
                badges.append(Badge(f"{label} · {free}", "teal", "gift"))
            case Bundle():
                badges.append(Badge(_("Bundle"), "teal"))
            case OrderAmount():
                continue
            case StepScheme():
                reached = progress.get(code)
                step = scheme.reached(reached.measured) if reached else None
                name = sheet.names.get(code, code)
                badges.append(Badge(_("Step %(off)s") % {"off": discount(step)} if step else name, "teal"))
    return badges


def _gift_badges(row: SheetRow, sheet: Sheet) -> list[Badge]:
    schemes = _schemes(sheet)
    badges = []
    for gift in sheet.gifts:
        scheme = schemes.get(gift.scheme)
        covers = scheme is not None and (scheme.skus is None or row.product.sku in scheme.skus)
        if covers and not row.is_blocked:
            badges.append(Badge(_("Earns a gift"), "teal", "gift"))
    return badges


def _schemes(sheet: Sheet) -> dict[str, Scheme]:
    return {s.code: s for s in sheet.request.schemes} if sheet.request else {}


def stock_badge(row: SheetRow) -> Badge:
    if row.state in {"block", "no_price", "unavailable"}:
        return Badge(_("Cannot be ordered"), "bad", "alert-octagon")
    if row.available is None:
        return Badge(_("The seller confirms"), "", "clock")
    if row.state != "short":
        return Badge(_("In stock"), "", "circle-check")
    available = row.available // row.factor
    if not available:
        return Badge(_("Out of stock"), "bad", "alert-octagon")
    stock = {"n": number(available), "unit": unit_name(row.unit_name, available)}
    return Badge(_("Only %(n)s %(unit)s in stock") % stock, "warn", "clock")


def _reason(row: SheetRow, sheet: Sheet) -> tuple[str, str]:
    """Return the mood of the row and the sentence that says what is wrong with it."""
    match row.state:
        case "unavailable":
            return "bad", _unavailable(row, sheet)
        case "no_price":
            return "bad", _("There is no price for this product today: the manufacturer has to publish one.")
        case "short":
            return "bad", _short(row, sheet)
        case "block":
            return "bad", _outside_limit(row, sheet)
        case "review":
            return "warn", _("Price outside limits; needs the seller's approval.")
        case "advise":
            return "", _("Advice only: the price is outside the advised range. The order can be placed.")
    if row.product.successor_sku:
        successor = {"name": row.product.successor_name, "sku": row.product.successor_sku}
        return "", _("This product is being phased out. Its successor: %(name)s (%(sku)s).") % successor
    return "", ""


def _unavailable(row: SheetRow, sheet: Sheet) -> str:
    found = sheet.priced.unavailable.get(row.product.sku) if sheet.priced else None
    return found.message if found else ""


def _short(row: SheetRow, sheet: Sheet) -> str:
    """Return that stock is short and, of goods shipped to the seller, since when they are on the way."""
    sentence = _("There is not enough in stock, free goods counted; the line waits in the draft.")
    coming = sheet.on_the_way.get(row.product.id)
    missing = row.units + row.quoted.free_qty - (row.available or 0)
    if coming is None or missing < 1:
        return sentence
    units = min(coming.units, missing)
    in_unit = units // row.factor
    shipped = {
        "n": number(in_unit or units),
        "unit": unit_name(row.unit_name if in_unit else row.product.base_unit, in_unit or units),
        "day": date_format(coming.since, "MONTH_DAY_FORMAT"),
    }
    way = _("%(n)s %(unit)s of it left for the seller on %(day)s; no day of arrival is known.")
    return f"{sentence} {way % shipped}"


def _outside_limit(row: SheetRow, sheet: Sheet) -> str:
    names = [sheet.names.get(code, code) for code in row.quoted.schemes]
    if not row.breaks_floor:
        return _("The net price is above the ceiling.")
    if len(names) > 1:
        together = _("With %(schemes)s together the net price falls below the floor.")
        return together % {"schemes": _(" and ").join(names)}
    if names:
        return _("With %(scheme)s the net price falls below the floor.") % {"scheme": names[0]}
    return _("The net price is below the floor.")
