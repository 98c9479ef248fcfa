"""Reading and writing the entries of a price list; one invalid row refuses all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from catalogue.models import Product
from kernel.cases import InvalidCase, Reader, count, plain, positive, price, text
from kernel.refusals import Refusal
from pricing.domain.list_entries import ListEntry, RisingBreak, rising_breaks
from pricing.models import PriceEntry
from tenancy.context import active_tenant_id
from tenancy.models import new_id

RowError = dict[str, str]
_READ: dict[str, Reader[Any]] = {
    "sku": text,
    "price": price,
    "per": positive,
    "min_qty": count,
    "advised_resale": price,
}
_MAX_VALUES = {
    "price": Decimal(10) ** 10 - 1,
    "per": 2**31 - 1,
    "min_qty": 2**31 - 1,
    "advised_resale": Decimal(10) ** 10 - 1,
}
_DEFAULTS: dict[str, object] = {"per": 1, "min_qty": 0}
_OPTIONAL = frozenset({"advised_resale"})
_COLUMNS = ("product__sku", "price", "per", "min_qty", "advised_resale")
MAX_ERRORS = 100


class InvalidRows(Refusal):
    """Invalid rows. `errors` lists {field, code, message} with paths like entries[3].price, at most 100."""

    code = "invalid_rows"


@dataclass(frozen=True, slots=True)
class CheckedEntries:
    """Rows as read, None for one that cannot be; the ids of their products by SKU; every error."""

    read: list[ListEntry | None]
    products: dict[str, UUID]
    errors: list[RowError]

    @property
    def entries(self) -> list[ListEntry]:
        return [entry for entry in self.read if entry is not None]


def read_entries(rows: Sequence[Mapping[str, object]]) -> tuple[list[ListEntry], dict[str, UUID]]:
    """Return the entries {sku, price, per?, min_qty?, advised_resale?} and their products' ids by SKU.

    Raise InvalidRows with the invalid rows and fields: wrong types, more than 4 places, an unknown SKU, two
    prices of one SKU from the same quantity, a base unit that costs more from a larger quantity.
    """
    checked = check_entries(rows)
    refuse_errors(checked.errors)
    return checked.entries, checked.products


def check_entries(rows: Sequence[Mapping[str, object]], wrong: Collection[int] = ()) -> CheckedEntries:
    """Read the rows, except the places of `wrong`, and return every error. One statement."""
    checked = check_each(rows, wrong)
    return replace(checked, errors=[*checked.errors, *errors_between(checked.read)])


def check_each(rows: Sequence[Mapping[str, object]], wrong: Collection[int] = ()) -> CheckedEntries:
    """Read each row by itself, except the places of `wrong`, and find its product. One statement."""
    errors: list[RowError] = []
    read = [
        None if place in wrong else _read_row(row, f"entries[{place}]", errors)
        for place, row in enumerate(rows)
    ]
    products = product_ids({entry.sku for entry in read if entry is not None})
    for place, entry in enumerate(read):
        if entry is not None and entry.sku not in products:
            message = _("There is no product with the SKU %(sku)s.") % {"sku": entry.sku}
            errors.append(row_error(f"entries[{place}].sku", "unknown_product", message))
            read[place] = None
    return CheckedEntries(read, products, errors)


def errors_between(read: Sequence[ListEntry | None]) -> list[RowError]:
    """Return the errors of entries beside the others: the same quantity twice, a price that rises with it."""
    used: set[tuple[str, int]] = set()
    single: list[ListEntry | None] = []
    errors = []
    for place, entry in enumerate(read):
        again = entry is not None and (entry.sku, entry.min_qty) in used
        if entry is not None and again:
            message = _("%(sku)s has another price from this quantity.") % {"sku": entry.sku}
            errors.append(row_error(f"entries[{place}].min_qty", "duplicate", message))
        elif entry is not None:
            used.add((entry.sku, entry.min_qty))
        single.append(None if again else entry)
    return [*errors, *_rising(single)]


def product_ids(skus: Collection[str]) -> dict[str, UUID]:
    """Return the ids of the products by SKU; unknown SKUs are left out. One statement."""
    return dict(Product.objects.filter(sku__in=skus).values_list("sku", "id"))


def refuse_errors(errors: Sequence[RowError]) -> None:
    """Raise InvalidRows if there is an error."""
    if errors:
        message = _("%(count)s of the rows' fields cannot be taken.") % {"count": len(errors)}
        raise InvalidRows(message, field=errors[0]["field"], errors=list(errors[:MAX_ERRORS]))


def rising_message(found: RisingBreak) -> str:
    """Return in words which price rises with the quantity."""
    message = _(
        "The unit price rises with the quantity: %(sku)s costs %(price)s from %(from)s on,"
        " but %(cheaper)s from %(least)s on."
    )
    entry, cheaper = found.entry, found.cheaper
    words = {"sku": entry.sku, "from": entry.min_qty, "least": cheaper.min_qty}
    return message % (words | {"price": _price(entry), "cheaper": _price(cheaper)})


def check_breaks(price_list_id: UUID) -> None:
    """Raise InvalidRows for the stored entries of a list that rise with the quantity. One statement."""
    stored = PriceEntry.objects.filter(price_list=price_list_id)
    several = stored.order_by().values("product").annotate(breaks=Count("id")).filter(breaks__gt=1)
    entries = stored_entries(stored.filter(product__in=several.values("product")))
    refuse_errors(_rising(entries))


def stored_entries(rows: Any) -> list[ListEntry]:
    """Return stored entries by SKU and quantity. One statement."""
    found = rows.order_by("product__sku", "min_qty").values_list(*_COLUMNS)
    return [ListEntry(*values) for values in found]


def write_entries(price_list_id: UUID, entries: Sequence[ListEntry], products: Mapping[str, UUID]) -> int:
    """Replace the entries of a list; return their number. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pricing_priceentry WHERE tenant_id = %s AND price_list_id = %s",
            [active_tenant_id(), price_list_id],
        )
        cursor.execute(
            "INSERT INTO pricing_priceentry"
            " (id, tenant_id, price_list_id, product_id, price, per, min_qty, advised_resale)"
            " SELECT new.id, %s, %s, new.product_id, new.price, new.per, new.min_qty, new.advised"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::numeric[], %s::int[], %s::int[], %s::numeric[])"
            "  AS new(id, product_id, price, per, min_qty, advised)",
            [
                active_tenant_id(),
                price_list_id,
                [new_id() for _entry in entries],
                [products[entry.sku] for entry in entries],
                [entry.price for entry in entries],
                [entry.per for entry in entries],
                [entry.min_qty for entry in entries],
                [entry.advised_resale for entry in entries],
            ],
        )
        return int(cursor.rowcount)


def _rising(read: Iterable[ListEntry | None]) -> list[RowError]:
    """Return an error for each entry that costs more for a base unit than from a smaller quantity."""
    places = [(place, entry) for place, entry in enumerate(read) if entry is not None]
    return [
        row_error(f"entries[{places[found.place][0]}].price", "rising_break", rising_message(found))
        for found in rising_breaks([entry for _place, entry in places])
    ]


def _price(entry: ListEntry) -> str:
    return plain(entry.price) if entry.per == 1 else f"{plain(entry.price)} / {entry.per}"


def _read_row(row: Mapping[str, object], path: str, errors: list[RowError]) -> ListEntry | None:
    if not isinstance(row, Mapping):
        errors.append(row_error(path, "not_an_object", _("This must be an object.")))
        return None
    before = len(errors)
    values: dict[str, Any] = {}
    for name, read in _READ.items():
        value = row.get(name, _DEFAULTS.get(name))
        where = f"{path}.{name}"
        if value is None or value == "":
            if name not in _OPTIONAL:
                errors.append(row_error(where, "missing", _("This is missing.")))
            continue
        try:
            values[name] = read(format(value, "f") if isinstance(value, Decimal) else value, where)
        except InvalidCase as wrong:
            errors.append(row_error(where, wrong.code, wrong.message))
            continue
        if name in _MAX_VALUES and values[name] > _MAX_VALUES[name]:
            errors.append(row_error(where, "too_large", _("This is too large.")))
    errors += [
        row_error(f"{path}.{name}", "unknown_key", _("This is not known here."))
        for name in row.keys() - _READ.keys()
    ]
    return ListEntry(**values) if len(errors) == before else None


def row_error(field: str, code: str, message: str) -> RowError:
    return {"field": field, "code": code, "message": message}
