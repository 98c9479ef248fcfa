"""Operations that add and edit products, and that index them for the search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum import ean

from accounts.rights import Actor
from audit.operations.recording import record
from catalogue.audit_actions import ProductAction
from catalogue.models import Barcode, Product, Unit
from kernel.barcodes import LENGTHS, gtin_forms
from kernel.refusals import Refusal
from kernel.search import search_key, search_tokens
from kernel.spelling import name_key
from tenancy.context import joined_transaction
from ui.operations import search_index

MAX_FACTOR = 1_000_000


class BadProduct(Refusal):
    code = "bad_product"


class ProductExists(Refusal):
    code = "conflict"


def add_product(
    *,
    product: Product,
    units: Mapping[str, int] | None = None,
    barcodes: Sequence[tuple[str, str]] = (),
    by: Actor,
    at: datetime,
) -> Product:
    """Save a new product with its larger units {name: base units} and barcodes [(code, unit)].

    The unit "" of a barcode means the base unit. Raise BadProduct or ProductExists; both name the
    field at fault, such as `barcodes[1].code`.
    """
    by.must("catalogue.edit")
    _check(product)
    with joined_transaction():
        try:
            with transaction.atomic():
                product.save(force_insert=True)
        except IntegrityError as error:
            raise ProductExists(
                _("There is a product with the SKU %(sku)s already.") % {"sku": product.sku}, field="sku"
            ) from error
        add_units_and_barcodes(product, units or {}, barcodes)
        record(ProductAction.ADD, product, by=by, at=at, sku=product.sku)
    return product


def edit_product(*, product: Product, by: Actor, at: datetime) -> Product:
    """Save the changed fields of a product.

    The SKU may change, because other records refer to the product by its id. The stage changes by
    `life_cycle.move_stage` alone. Raise BadProduct or ProductExists.
    """
    by.must("catalogue.edit")
    _check(product)
    with joined_transaction():
        if not Product.objects.filter(id=product.id, stage=product.stage).exists():
            raise BadProduct(_("A product's stage changes by a move with its history."), field="stage")
        try:
            with transaction.atomic():
                product.save(force_update=True)
        except IntegrityError as error:
            raise ProductExists(
                _("There is a product with the SKU %(sku)s already.") % {"sku": product.sku}, field="sku"
            ) from error
        index_products([product])
        record(ProductAction.EDIT, product, by=by, at=at, sku=product.sku)
    return product


def add_units_and_barcodes(
    product: Product, units: Mapping[str, int], barcodes: Sequence[tuple[str, str]]
) -> None:
    """Add all the units and barcodes to a product, or none of them."""
    for name, factor in units.items():
        _check_unit(product, name, factor)
    known = {product.base_unit: None, "": None, **dict.fromkeys(units)}
    used_codes: dict[str, int] = {}
    for index, (code, unit) in enumerate(barcodes):
        where = f"barcodes[{index}]"
        _check_code(code, f"{where}.code")
        if code in used_codes:
            raise BadProduct(
                _("The barcode %(code)s is there twice.") % {"code": code}, field=f"{where}.code"
            )
        if unit not in known:
            raise BadProduct(_("The product has no unit “%(unit)s”.") % {"unit": unit}, field=f"{where}.unit")
        used_codes |= dict.fromkeys(gtin_forms(code), index)
    taken = Barcode.objects.filter(code__in=list(used_codes)).values_list("code", flat=True).first()
    if taken is not None:
        index = used_codes[taken]
        raise ProductExists(
            _("The barcode %(code)s belongs to another product.") % {"code": taken},
            field=f"barcodes[{index}].code",
        )
    with joined_transaction():
        rows = [Unit(product=product, name=name, factor=factor) for name, factor in units.items()]
        made = {unit.name: unit for unit in Unit.objects.bulk_create(rows)}
        Barcode.objects.bulk_create(
            [Barcode(product=product, code=code, unit=made.get(unit)) for code, unit in barcodes]
        )
        index_products([product])


def product_search(product: Product) -> str:
    """Return the text of the `search` column; bulk loads fill the column with it."""
    length = Product._meta.get_field("search").max_length or 0
    return search_key(names=[product.name], codes=[product.sku], length=length)


def index_products(products: Iterable[Product]) -> None:
    """Write the search tokens of products: name, SKU and barcodes. The barcodes take one query."""
    wanted = list(products)
    codes: dict[Any, list[str]] = {one.id: [one.sku] for one in wanted}
    held = Barcode.objects.filter(product_id__in=codes).values_list("product_id", "code")
    for product_id, code in held:
        codes[product_id].append(code)
    rows = ((one.id, search_tokens(names=[one.name], codes=codes[one.id])) for one in wanted)
    search_index.index("product", rows)


def reindex_products() -> None:
    """Rewrite the search words, keys and tokens of all products of the active tenant."""
    columns = ["sku_key", "name_key", "search"]
    rows = iter(Product.objects.iterator(chunk_size=2000))
    while products := list(islice(rows, 2000)):
        for one in products:
            one.sku_key, one.name_key, one.search = name_key(one.sku), name_key(one.name), product_search(one)
        Product.objects.bulk_update(products, columns)
        index_products(products)


def _check(product: Product) -> None:
    product.sku, product.name = product.sku.strip(), product.name.strip()
    product.base_unit = product.base_unit.strip()
    for field, max_characters in (("sku", 60), ("name", 200), ("base_unit", 20)):
        value = getattr(product, field)
        if not value or len(value) > max_characters or not value.isprintable():
            raise BadProduct(
                _("This needs 1 to %(longest)d characters.") % {"longest": max_characters}, field=field
            )
    if product.stage not in Product.Stage.values:
        raise BadProduct(_("There is no stage “%(stage)s”.") % {"stage": product.stage}, field="stage")
    product.tax_rate = _tax_rate(product.tax_rate)
    product.search = product_search(product)


def _tax_rate(value: object) -> Decimal:
    try:
        rate = Decimal(str(value))
    except InvalidOperation:
        rate = Decimal(-1)
    if not (rate.is_finite() and 0 <= rate < 1 and rate == round(rate, 4)):
        raise BadProduct(_("A tax rate is a fraction like 0.13, from 0 to below 1."), field="tax_rate")
    return rate


def _check_unit(product: Product, name: str, factor: object) -> None:
    if not name.strip() or len(name) > 20 or name == product.base_unit:
        raise BadProduct(
            _("“%(name)s” cannot name a larger unit of this product.") % {"name": name}, field="units"
        )
    if isinstance(factor, bool) or not isinstance(factor, int) or not 1 <= factor <= MAX_FACTOR:
        raise BadProduct(_("A unit holds a whole number of base units, at least 1."), field=f"units.{name}")


def _check_code(code: str, field: str) -> None:
    if not code.isascii() or not code.isdigit() or len(code) not in LENGTHS:
        message = _("A barcode has 8, 12, 13 or 14 digits, not “%(code)s”.") % {"code": code}
        raise BadProduct(message, field=field)
    if not ean.is_valid(code):
        right = code[:-1] + ean.calc_check_digit(code[:-1])
        message = _("The check digit of %(code)s is wrong; %(right)s would be right.")
        raise BadProduct(message % {"code": code, "right": right}, field=field)
