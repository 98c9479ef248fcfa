"""The products and units that price rows name, so that every price is by base units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.models import Barcode, Product, Unit
from kernel.money import EXACT, unit_price
from pricing.domain.price_table import BASE_UNIT, PriceRow, typed_price
from pricing.operations.entries import CheckedEntries, RowError, check_each, refuse_errors, row_error
from ui.web.typed_input import reason_of


class _Named(NamedTuple):
    sku: str
    factors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NamedRows:
    """Entries {sku, price, per?, min_qty?, advised_resale?} by base units, and the errors of the others."""

    entries: list[dict[str, Any]]
    errors: list[RowError]

    @property
    def wrong(self) -> frozenset[int]:
        """Return the places of the rows with an error."""
        return frozenset(int(error["field"].partition("[")[2].partition("]")[0]) for error in self.errors)


def entries_of(rows: Sequence[PriceRow]) -> list[dict[str, Any]]:
    """Return entries {sku, price, per?, min_qty?, advised_resale?} by base units; three statements at most.

    A row names its product by SKU, else barcode, else name. Raise InvalidRows for what cannot be read and
    for units that a product does not have.
    """
    found = named_rows(rows)
    refuse_errors(found.errors)
    return found.entries


def checked_rows(rows: Sequence[PriceRow]) -> CheckedEntries:
    """Return the entries of typed rows, each by itself, with every error; four statements at most."""
    named = named_rows(rows)
    checked = check_each(named.entries, named.wrong)
    return replace(checked, errors=[*named.errors, *checked.errors])


def named_rows(rows: Sequence[PriceRow]) -> NamedRows:
    """Return the rows by base units, with the errors of their cells; three statements at most."""
    named = _named({row.reference for row in rows})
    entries: list[dict[str, Any]] = []
    errors: list[RowError] = []
    for place, row in enumerate(rows):
        typed = typed_price(row)
        errors += [
            row_error(f"entries[{place}].{name}", error.code, reason_of(error))
            for name, error in typed.wrong.items()
        ]
        entry: dict[str, Any] = {"sku": row.reference, **typed.values}
        entries.append(entry)
        found = named.get(row.reference)
        if found is None:
            continue
        entry["sku"] = found.sku
        if not typed.wrong and (error := _in_base_units(entry, row, found)):
            errors.append({**error, "field": f"entries[{place}].{error['field']}"})
    return NamedRows(entries, errors)


def _in_base_units(entry: dict[str, Any], row: PriceRow, product: _Named) -> RowError | None:
    """Multiply per and quantity by their units; return an error for a unit that the product does not have."""
    for name, unit in (("per", row.unit), ("min_qty", row.min_unit or row.unit)):
        factor = product.factors.get(unit, 0)
        if not factor:
            return _no_unit(product, unit)
        value = entry.get(name, 1 if name == "per" else 0)
        if factor > 1:
            entry[name] = value * factor
    if row.advised_unit and "advised_resale" in entry:
        factor = product.factors.get(row.advised_unit, 0)
        if not factor:
            return _no_unit(product, row.advised_unit)
        advised = EXACT.divide(EXACT.multiply(entry["advised_resale"], entry.get("per", 1)), factor)
        if advised != unit_price(advised):
            message = _("The advised resale price cannot be stored for the units of the price exactly.")
            return row_error("advised_resale", "too_many_places", message)
        entry["advised_resale"] = unit_price(advised)
    return None


def _no_unit(product: _Named, unit: str) -> RowError:
    message = _("%(sku)s has no unit %(unit)s, but %(units)s.")
    names = ", ".join(one for one in product.factors if one not in ("", BASE_UNIT))
    return row_error("unit", "unit", message % {"sku": product.sku, "unit": unit, "units": names})


def _named(references: set[str]) -> dict[str, _Named]:
    """Return the product of each reference: of its SKU, else its barcode, else the only one of its name."""
    rows = Product.objects.filter(
        Q(sku__in=references)
        | Q(name__in=references)
        | Q(id__in=Barcode.objects.filter(code__in=references).values("product_id"))
    )
    products = list(rows.values_list("id", "sku", "name", "base_unit"))
    ids = [product_id for product_id, *_rest in products]
    factors: dict[Any, dict[str, int]] = {
        one: {"": 1, BASE_UNIT: 1, base: 1} for one, _sku, _name, base in products
    }
    for product_id, name, factor in Unit.objects.filter(product_id__in=ids).values_list(
        "product_id", "name", "factor"
    ):
        factors[product_id][name] = factor
    by_id = {one: _Named(sku, factors[one]) for one, sku, _name, _base in products}
    names = Counter(name for _id, _sku, name, _base in products)
    found = {name: by_id[one] for one, _sku, name, _base in products if names[name] == 1}
    held = Barcode.objects.filter(code__in=references, product_id__in=ids)
    found |= {code: by_id[one] for code, one in held.values_list("code", "product_id")}
    return found | {sku: by_id[one] for one, sku, _name, _base in products}
