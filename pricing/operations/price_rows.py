"""The products and units that price rows name, so that every price is by base units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.models import Barcode, Product, Unit
from pricing.domain.price_table import PriceRow, values_of
from pricing.operations.entries import InvalidRows


class _Named(NamedTuple):
    sku: str
    factors: Mapping[str, int]


def entries_of(rows: Sequence[PriceRow]) -> list[dict[str, Any]]:
    """Return entries {sku, price, per?, min_qty?} by base units; three statements at most.

    A row names its product by SKU, else barcode, else name. Raise InvalidRows for units that a product
    does not have.
    """
    named = _named({row.reference for row in rows})
    entries, errors = [], []
    for place, row in enumerate(rows):
        found = named.get(row.reference)
        entry = values_of(row)
        entries.append(entry)
        if found is None:
            continue
        entry["sku"] = found.sku
        for name, unit in (("per", row.unit), ("min_qty", row.min_unit or row.unit)):
            factor = found.factors.get(unit, 0)
            if not factor:
                names = ", ".join(filter(None, found.factors))
                message = _("%(sku)s has no unit %(unit)s, but %(units)s.")
                facts = {"sku": found.sku, "unit": unit, "units": names}
                errors.append({"field": f"entries[{place}].unit", "code": "unit", "message": message % facts})
                break
            value = entry.get(name, 1 if name == "per" else 0)
            if factor > 1 and isinstance(value, int):
                entry[name] = value * factor
    if errors:
        raise InvalidRows(str(errors[0]["message"]), field=str(errors[0]["field"]), errors=errors)
    return entries


def _named(references: set[str]) -> dict[str, _Named]:
    """Return the product of each reference: of its SKU, else its barcode, else the only one of its name."""
    rows = Product.objects.filter(
        Q(sku__in=references)
        | Q(name__in=references)
        | Q(id__in=Barcode.objects.filter(code__in=references).values("product_id"))
    )
    products = list(rows.values_list("id", "sku", "name", "base_unit"))
    ids = [product_id for product_id, *_rest in products]
    factors: dict[Any, dict[str, int]] = {one: {"": 1, base: 1} for one, _sku, _name, base in products}
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
