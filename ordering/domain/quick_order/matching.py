"""Matching of pasted rows with products: which one a reference names, and in which unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ordering.domain.quick_order.cart_lines import CartLine, SheetProduct
from ordering.domain.quick_order.pasted_rows import PastedRow, RowProblem

MAX_CHOICES = 5


@dataclass(frozen=True, slots=True)
class Candidates:
    """The products that each reference may name, and the unit of a reference that is its barcode."""

    products: Mapping[str, Sequence[SheetProduct]]
    barcode_units: Mapping[str, str] = field(default_factory=dict)


def match_rows(rows: Sequence[PastedRow], candidates: Candidates) -> tuple[list[CartLine], list[RowProblem]]:
    """Return the lines that the rows order, and the rows that name no product, several, or a wrong unit."""
    lines: list[CartLine] = []
    problems: list[RowProblem] = []
    for row in rows:
        products = candidates.products.get(row.reference, ())
        sold = [product for product in products if product.stage != "ended"]
        if len(sold) == 1:
            line = _line(row, sold[0], candidates.barcode_units.get(row.reference, ""))
            if isinstance(line, CartLine):
                lines.append(line)
            else:
                problems.append(line)
            continue
        reason = "ambiguous" if sold else "ended" if products else "unknown"
        names = tuple([f"{product.sku} {product.name}" for product in products[:MAX_CHOICES]])
        problems.append(RowProblem(row.number, "product", reason, row.text, names))
    return lines, problems


def _line(row: PastedRow, product: SheetProduct, barcode_unit: str) -> CartLine | RowProblem:
    if row.qty == 0:
        return CartLine(product.sku, 1, barcode_unit or product.ordering_unit)
    unit = row.unit or barcode_unit
    if not product.factor(unit):
        names = (product.base_unit, *(name for name, _factor in product.units))
        return RowProblem(row.number, "unit", "unit", row.text, names)
    return CartLine(product.sku, row.qty, "" if unit == product.base_unit else unit)
