"""What changed in a draft since its lines were added: prices, schemes, and goods that cannot be ordered.

A line is compared at the quantity with which it was added, so that a quantity break is no change of price.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kernel.money import ZERO_MONEY, cents, exact
from ordering.domain.quick_order.sheet_rows import SheetRow
from pricing.domain.base_price import Candidate

ChoosePrice = Callable[[str, int], Candidate | None]
GONE = frozenset({"no_price", "unavailable", "block"})


@dataclass(frozen=True, slots=True)
class FilledLine:
    """The list price of `per` base units at which `units` were added; None: it could not be ordered."""

    units: int
    price: Decimal | None
    per: int = 1


@dataclass(frozen=True, slots=True)
class Filled:
    """The prices of a draft's lines, by SKU, and what each scheme saved, when they were added."""

    lines: Mapping[str, FilledLine] = field(default_factory=dict)
    schemes: Mapping[str, Decimal] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        lines = {
            sku: [one.units, None if one.price is None else str(one.price), one.per]
            for sku, one in self.lines.items()
        }
        return {"lines": lines, "schemes": {code: str(worth) for code, worth in self.schemes.items()}}


def filled_of(stored: Mapping[str, Any]) -> Filled:
    """Return what a draft stores; a draft without it has nothing to compare with."""
    lines = {
        sku: FilledLine(units, None if price is None else Decimal(price), per)
        for sku, (units, price, per) in stored.get("lines", {}).items()
    }
    return Filled(lines, {code: Decimal(worth) for code, worth in stored.get("schemes", {}).items()})


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A line whose list price changed; `before` and `now` are for one unit of the row."""

    row: SheetRow
    before: Decimal
    now: Decimal

    @property
    def rises(self) -> bool:
        return self.now > self.before


@dataclass(frozen=True, slots=True)
class EndedScheme:
    """A scheme that saved `worth` on this draft and is no longer in force for the buyer."""

    code: str
    worth: Decimal


@dataclass(frozen=True, slots=True)
class Changes:
    """`rise` is how much more the sendable lines cost, before discounts of running schemes."""

    prices: tuple[PriceChange, ...] = ()
    ended: tuple[EndedScheme, ...] = ()
    gone: tuple[SheetRow, ...] = ()
    rise: Decimal = ZERO_MONEY

    def __bool__(self) -> bool:
        return bool(self.prices or self.ended or self.gone)


@exact
def changes_since(
    filled: Filled, rows: Iterable[SheetRow], choose: ChoosePrice, in_force: Collection[str]
) -> Changes:
    """Return what changed for the rows; `in_force` are the codes of the schemes that run for the buyer."""
    prices, gone, rise = [], [], Decimal(0)
    for row in rows:
        known = filled.lines.get(row.product.sku)
        if known is None or known.price is None or row.quoted.manual is not None:
            continue
        if row.state in GONE:
            gone.append(row)
            continue
        found = choose(row.product.sku, known.units)
        if found is None or not _differs(known, found):
            continue
        before, now = known.price / known.per, found.entry.price / found.entry.per
        prices.append(PriceChange(row, before * row.factor, now * row.factor))
        if not row.is_blocked:
            rise += (now - before) * row.units
    ended = tuple(
        [EndedScheme(code, worth) for code, worth in filled.schemes.items() if code not in in_force]
    )
    rise += sum((one.worth for one in ended), Decimal(0))
    return Changes(tuple(prices), ended, tuple(gone), cents(rise))


def filled_now(
    filled: Filled,
    rows: Iterable[SheetRow],
    choose: ChoosePrice,
    in_force: Collection[str],
    applied: Mapping[str, Decimal],
) -> Filled:
    """Return what to store after an edit: a change that nobody accepted stays, the rest is as of now.

    With an empty `filled` all of it is as of now, which accepts every change. `applied` are the schemes that
    save something now.
    """
    lines = {}
    for row in rows:
        sku = row.product.sku
        known = filled.lines.get(sku)
        keeps = known is not None and row.quoted.manual is None and _is_changed(known, row, choose)
        lines[sku] = known if known is not None and keeps else _line_now(row, choose)
    ended = {code: worth for code, worth in filled.schemes.items() if code not in in_force}
    return Filled(lines, ended | dict(applied))


def _is_changed(known: FilledLine, row: SheetRow, choose: ChoosePrice) -> bool:
    if known.price is None:
        return False
    found = choose(row.product.sku, known.units)
    return row.state in GONE or found is None or _differs(known, found)


def _differs(known: FilledLine, found: Candidate) -> bool:
    assert known.price is not None
    return known.price * found.entry.per != found.entry.price * known.per


def _line_now(row: SheetRow, choose: ChoosePrice) -> FilledLine:
    found = None if row.state in GONE else choose(row.product.sku, row.units)
    if found is None:
        return FilledLine(row.units, None)
    return FilledLine(row.units, found.entry.price, found.entry.per)
