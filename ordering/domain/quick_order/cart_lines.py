"""The lines of a draft and the products that they order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from kernel.quantities import MAX_LINES, MAX_UNITS
from kernel.spelling import name_key
from kernel.spreadsheets.headings import LOOSE_UNIT
from kernel.trade_names import unit_name
from ordering.domain.price_overrides import PriceOverride
from ordering.domain.quick_order.row_problems import RowProblem


class SheetProduct(NamedTuple):
    """`units` are the larger units with their base units, the smallest first; `picture` is the first one.

    The successor is that of a product that is phased out or ended. `words` are the tenant's own English words
    for the units, in lower case, each with its unit.
    """

    id: UUID
    sku: str
    name: str
    base_unit: str
    stage: str
    units: tuple[tuple[str, int], ...]
    picture: UUID | None = None
    successor_sku: str = ""
    successor_name: str = ""
    words: tuple[tuple[str, str], ...] = ()

    def factor(self, unit: str) -> int:
        """Return the base units of one `unit`; 0 for a unit that the product does not have."""
        if unit in ("", self.base_unit, LOOSE_UNIT):
            return 1
        return next((factor for name, factor in self.units if name == unit), 0)

    @property
    def ordering_unit(self) -> str:
        """Return the unit of a quantity that names none: the smallest larger unit, else the base unit."""
        return self.units[0][0] if self.units else ""

    def unit_named(self, typed: str) -> str | None:
        """Return the unit, typed in Chinese or English, as a line stores it; None for one that it lacks.

        The base unit is "".
        """
        if typed in (self.base_unit, LOOSE_UNIT):
            return ""
        if any(typed == name for name, _factor in self.units):
            return typed
        keys: dict[str, str] = {}
        for stored, name in (*((name, name) for name, _factor in reversed(self.units)), ("", self.base_unit)):
            keys |= dict.fromkeys(map(name_key, (name, unit_name(name), unit_name(name, 2))), stored)
        own = {name_key(word): "" if name == self.base_unit else name for word, name in self.words}
        return (own | keys).get(name_key(typed))

    def with_quantity_of(self, other: SheetProduct, line: CartLine) -> CartLine:
        """Return a line of this product that takes the place of a line of the other, in the same unit.

        A unit that this product does not have becomes base units.
        """
        if self.factor(line.unit):
            return CartLine(self.sku, line.qty, "" if line.unit == LOOSE_UNIT else line.unit)
        return CartLine(self.sku, min(line.qty * max(other.factor(line.unit), 1), MAX_UNITS))


class CartLine(NamedTuple):
    """`qty` of `unit`; "" is the base unit. `override` is the price that the seller set for the line."""

    sku: str
    qty: int
    unit: str = ""
    override: PriceOverride | None = None


def merge_lines(
    lines: Sequence[CartLine], added: Iterable[CartLine], products: Mapping[str, SheetProduct]
) -> tuple[list[CartLine], list[RowProblem]]:
    """Return the lines with those that are added; two lines of one product become one.

    `products` holds every SKU of `lines_in_two_units`. What an order has no room for is a problem.
    """
    merged = {line.sku: line for line in lines}
    problems = []
    for line in added:
        present = merged.get(line.sku)
        if present is not None:
            merged[line.sku] = _sum(present, line, products)
        elif len(merged) < MAX_LINES:
            merged[line.sku] = line
        else:
            text = f"{line.sku} {line.qty} {line.unit}"
            problems.append(RowProblem(len(merged), "row", "too_many", text))
    return list(merged.values()), problems


def lines_in_two_units(lines: Iterable[CartLine]) -> set[str]:
    """Return the SKUs that the lines name in more than one unit."""
    units: dict[str, str] = {}
    return {line.sku for line in lines if units.setdefault(line.sku, line.unit) != line.unit}


def _sum(one: CartLine, other: CartLine, products: Mapping[str, SheetProduct]) -> CartLine:
    """Return both as one line, in base units where their units differ."""
    if one.unit == other.unit:
        return one._replace(qty=min(one.qty + other.qty, MAX_UNITS))
    product = products[one.sku]
    units = one.qty * max(product.factor(one.unit), 1) + other.qty * max(product.factor(other.unit), 1)
    return one._replace(qty=min(units, MAX_UNITS), unit="")
