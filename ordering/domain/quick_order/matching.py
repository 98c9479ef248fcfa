"""Which products rows name, how much of them, and in which unit.

A row has several readings. The whole text is a name first, then a quantity is split off; a SKU goes before a
barcode, and both before a name. Where two readings name different goods, a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kernel.spelling import name_key
from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct
from ordering.domain.quick_order.pasted_rows import OrderRow
from ordering.domain.quick_order.readings import NAME, REDUCED, SPLIT, Reading
from ordering.domain.quick_order.row_problems import Candidate, RowProblem

MAX_CANDIDATES = 5
_MEASURES = frozenset(("g", "kg", "ml", "l", "克", "千克", "公斤", "斤", "毫升", "升", "cm", "m", "寸", "元"))
_FAULTS = ("quantity", "unit", "product")
BY_SKU, BY_BARCODE, BY_NAME = range(3)


class Match(NamedTuple):
    """A product that a reference names. `unit` is that of a barcode, "" for the base unit, else None."""

    product: SheetProduct
    by: int
    is_spelled: bool = True
    unit: str | None = None


Matches = Mapping[str, Sequence[Match]]


class Choice(NamedTuple):
    """What one reading orders."""

    product: SheetProduct
    lines: tuple[CartLine, ...]

    def candidate(self) -> Candidate:
        parts = tuple([(line.qty, line.unit) for line in self.lines])
        units = sum(line.qty * self.product.factor(line.unit) for line in self.lines)
        return Candidate(self.product.sku, self.product.name, self.product.base_unit, parts, units)


@dataclass(frozen=True, slots=True)
class Matched:
    """`unknown` are rows that name no product exactly; `remarks` are lines of chat without goods."""

    lines: list[CartLine] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    unknown: list[OrderRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def match_rows(rows: Sequence[OrderRow], matches: Matches, *, one_without_quantity: bool = False) -> Matched:
    """Return what the rows order. With `one_without_quantity` a name alone is one of its ordering unit."""
    matched = Matched()
    for row in rows:
        found = _match(row, matches, one_without_quantity=one_without_quantity)
        if isinstance(found, RowProblem):
            matched.problems.append(found)
        elif found:
            matched.lines.extend(found)
        elif row.is_remark:
            matched.remarks.append(row.text)
        else:
            matched.unknown.append(row)
    return matched


def choices(reading: Reading, matches: Matches) -> list[Choice]:
    """Return what a reading orders: of each product that it names exactly and that is sold in its unit."""
    named = matches.get(reading.reference)
    if not named or reading.reason:
        return []
    sold = [match for match in _best(named) if match.product.stage != "ended"]
    found = [Choice(match.product, _lines(match, reading)) for match in sold]
    return [choice for choice in found if choice.lines]


def _match(row: OrderRow, matches: Matches, *, one_without_quantity: bool) -> Sequence[CartLine] | RowProblem:
    """Return the lines of a row or its problem; nothing for a row that names no product exactly."""
    readings = row.readings
    named = _of_rank(readings, NAME, matches)
    split = _of_rank(readings, SPLIT, matches) or _of_rank(readings, REDUCED, matches)
    if named and split and not _is_spelled(readings[0], matches):
        return _question_about(row, "ambiguous", [*named, *split])
    if named:
        if one_without_quantity and len(named) == 1:
            return named[0].lines
        return _question_about(row, "ambiguous" if len(named) > 1 else "no_quantity", named)
    if len(split) == 1:
        return split[0].lines
    if split:
        return _question_about(row, "ambiguous", split)
    return _fault(row, matches)


def _of_rank(readings: Sequence[Reading], rank: int, matches: Matches) -> list[Choice]:
    found = [choice for one in readings if one.rank == rank for choice in choices(one, matches)]
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def _is_spelled(reading: Reading, matches: Matches) -> bool:
    return any(match.is_spelled for match in _best(matches[reading.reference]))


def _best(found: Sequence[Match]) -> Sequence[Match]:
    """Return the matches of the closest kind: a SKU as it is spelled before another spelling, and so on."""
    if len(found) < 2:
        return found
    kinds = [(match.by, not match.is_spelled) for match in found]
    closest = min(kinds)
    return [match for match, kind in zip(found, kinds, strict=True) if kind == closest]


def _lines(match: Match, reading: Reading) -> tuple[CartLine, ...]:
    """Return the lines of a product, none where it is not sold in one of the units."""
    product = match.product
    unnamed = product.ordering_unit if match.unit is None else match.unit
    if not reading.quantity:
        return (CartLine(product.sku, 1, unnamed),)
    lines = []
    for part in reading.quantity:
        unit = product.unit_named(part.unit) if part.unit else unnamed
        if unit is None:
            return ()
        lines.append(CartLine(product.sku, part.qty, unit))
    return tuple(lines)


def _question_about(row: OrderRow, reason: str, found: Sequence[Choice]) -> RowProblem:
    field = "quantity" if reason == "no_quantity" else "product"
    candidates = tuple([choice.candidate() for choice in found])
    names = tuple([f"{one.sku} {one.name}" for one in candidates[:MAX_CANDIDATES]])
    more = max(len(found) - MAX_CANDIDATES, 0)
    return RowProblem(row.number, field, reason, row.text, names, candidates[:MAX_CANDIDATES], more)


def _fault(row: OrderRow, matches: Matches) -> Sequence[CartLine] | RowProblem:
    """Return why a row cannot be added although it names a product; nothing for one that names none."""
    faults = [fault for one in row.readings if (fault := _fault_of(row, one, matches)) is not None]
    return min(faults, key=lambda fault: _FAULTS.index(fault.field)) if faults else ()


def _fault_of(row: OrderRow, reading: Reading, matches: Matches) -> RowProblem | None:
    found = _best(matches.get(reading.reference, ()))
    if not found or reading.rank > REDUCED:
        return None
    if reading.reason:
        return RowProblem(row.number, "quantity", reading.reason, row.text)
    sold = [match.product for match in found if match.product.stage != "ended"]
    if not sold:
        names = tuple([f"{match.product.sku} {match.product.name}" for match in found])
        return RowProblem(row.number, "product", "ended", row.text, names)
    if any(name_key(part.unit) in _MEASURES for part in reading.quantity):
        return None
    product = sold[0]
    names = (product.base_unit, *(name for name, _factor in product.units))
    qty = reading.quantity[0].qty
    offered = [Choice(product, (CartLine(product.sku, qty, unit),)) for unit in ("", *names[1:])]
    one_part = len(reading.quantity) == 1
    candidates = tuple([choice.candidate() for choice in offered if one_part])
    return RowProblem(row.number, "unit", "unit", row.text, names, candidates)
