"""Reading and writing the entries of a price list; one invalid row refuses all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from catalogue.models import Product
from kernel.cases import InvalidCase, Reader, count, positive, price, text
from kernel.refusals import Refusal
from pricing.domain.base_price import PriceEntry
from tenancy.context import active_tenant_id
from tenancy.models import new_id

_READ: dict[str, Reader[Any]] = {"sku": text, "price": price, "per": positive, "min_qty": count}
_MAX_VALUES = {"price": Decimal(10) ** 10 - 1, "per": 2**31 - 1, "min_qty": 2**31 - 1}
_DEFAULTS: dict[str, object] = {"per": 1, "min_qty": 0}
_MAX_ERRORS = 100


class InvalidRows(Refusal):
    """Invalid rows. `errors` lists {field, code, message} with paths like entries[3].price, at most 100."""

    code = "invalid_rows"


def read_entries(rows: Sequence[Mapping[str, object]]) -> tuple[list[PriceEntry], dict[str, UUID]]:
    """Return the entries {sku, price, per?, min_qty?} and the ids of their products by SKU.

    Raise InvalidRows with every invalid row and field: wrong types, more than 4 places, an unknown
    SKU, two prices of one SKU from the same quantity.
    """
    errors: list[dict[str, str]] = []
    read = [_read_row(row, f"entries[{place}]", errors) for place, row in enumerate(rows)]
    skus = {entry.sku for entry in read if entry is not None}
    products = dict(Product.objects.filter(sku__in=skus).values_list("sku", "id"))
    used = set()
    for place, entry in enumerate(read):
        if entry is None:
            continue
        if entry.sku not in products:
            message = _("There is no product with the SKU %(sku)s.") % {"sku": entry.sku}
            errors.append(_error(f"entries[{place}].sku", "unknown_product", message))
        elif (entry.sku, entry.min_qty) in used:
            message = _("%(sku)s has another price from this quantity.") % {"sku": entry.sku}
            errors.append(_error(f"entries[{place}].min_qty", "duplicate", message))
        used.add((entry.sku, entry.min_qty))
    if errors:
        message = _("%(count)s of the rows' fields cannot be taken.") % {"count": len(errors)}
        raise InvalidRows(message, field=errors[0]["field"], errors=errors[:_MAX_ERRORS])
    return [entry for entry in read if entry is not None], products


def write_entries(price_list_id: UUID, entries: Sequence[PriceEntry], products: Mapping[str, UUID]) -> int:
    """Replace the entries of a list; return their number. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pricing_priceentry WHERE tenant_id = %s AND price_list_id = %s",
            [active_tenant_id(), price_list_id],
        )
        cursor.execute(
            "INSERT INTO pricing_priceentry (id, tenant_id, price_list_id, product_id, price, per, min_qty)"
            " SELECT new.id, %s, %s, new.product_id, new.price, new.per, new.min_qty"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[], %s::int[], %s::int[])"
            "  AS new(id, product_id, price, per, min_qty)",
            [
                active_tenant_id(),
                price_list_id,
                [new_id() for _entry in entries],
                [products[entry.sku] for entry in entries],
                [entry.price for entry in entries],
                [entry.per for entry in entries],
                [entry.min_qty for entry in entries],
            ],
        )
        return int(cursor.rowcount)


def _read_row(row: Mapping[str, object], path: str, errors: list[dict[str, str]]) -> PriceEntry | None:
    if not isinstance(row, Mapping):
        errors.append(_error(path, "not_an_object", _("This must be an object.")))
        return None
    before = len(errors)
    values: dict[str, Any] = {}
    for name, read in _READ.items():
        value = row.get(name, _DEFAULTS.get(name))
        where = f"{path}.{name}"
        if value is None or value == "":
            errors.append(_error(where, "missing", _("This is missing.")))
            continue
        try:
            values[name] = read(format(value, "f") if isinstance(value, Decimal) else value, where)
        except InvalidCase as wrong:
            errors.append(_error(where, wrong.code, wrong.message))
            continue
        if name in _MAX_VALUES and values[name] > _MAX_VALUES[name]:
            errors.append(_error(where, "too_large", _("This is too large.")))
    errors += [
        _error(f"{path}.{name}", "unknown_key", _("This is not known here."))
        for name in row.keys() - _READ.keys()
    ]
    return PriceEntry(**values) if len(errors) == before else None


def _error(field: str, code: str, message: str) -> dict[str, str]:
    return {"field": field, "code": code, "message": message}
