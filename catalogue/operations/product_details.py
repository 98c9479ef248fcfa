"""Replace the units, the barcodes and the attributes of a product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from catalogue.audit_actions import ProductAction
from catalogue.models import Barcode, CategoryAttribute, Product, ProductAttribute, Unit
from catalogue.operations.products import BadProduct, add_units_and_barcodes, index_products
from kernel.typed_input import UnreadableInput, read_number
from tenancy.context import joined_transaction


def set_units_and_barcodes(
    *,
    product: Product,
    units: Mapping[str, int],
    barcodes: Sequence[tuple[str, str]],
    by: Actor,
    at: datetime,
) -> None:
    """Make these the larger units {name: base units} and the barcodes [(code, unit)] of the product.

    Nothing is written where nothing changes. Raise BadProduct or ProductExists with the field.
    """
    by.must("catalogue.edit")
    with joined_transaction():
        Product.objects.select_for_update().get(id=product.id)
        held_units = dict(Unit.objects.filter(product=product).values_list("name", "factor"))
        rows = Barcode.objects.filter(product=product).values_list("code", "unit__name")
        held_codes = {code: unit or "" for code, unit in rows}
        wanted = {code: "" if unit == product.base_unit else unit for code, unit in barcodes}
        if held_units == dict(units) and held_codes == wanted and len(wanted) == len(barcodes):
            return
        Barcode.objects.filter(product=product).delete()
        Unit.objects.filter(product=product).delete()
        add_units_and_barcodes(product, units, barcodes)
        index_products([product])
        facts = {"units": dict(units), "barcodes": sorted(wanted)}
        record(ProductAction.EDIT, product, by=by, at=at, sku=product.sku, **facts)


def set_attributes(*, product: Product, values: Mapping[UUID, str], by: Actor, at: datetime) -> None:
    """Make these the values of the attributes of the product's category, by the attribute's id.

    An empty value is removed, as are values of attributes that the category does not have. Raises BadProduct
    with the field `attributes.NAME`.
    """
    by.must("catalogue.edit")
    with joined_transaction():
        defined = CategoryAttribute.objects.filter(category_id=product.category_id)
        wanted = {
            attribute.id: value
            for attribute in defined
            if (value := _checked(attribute, values.get(attribute.id, "")))
        }
        rows = ProductAttribute.objects.filter(product=product)
        held = dict(rows.values_list("attribute_id", "value"))
        if held == wanted:
            return
        rows.delete()
        ProductAttribute.objects.bulk_create(
            [
                ProductAttribute(product=product, attribute_id=key, value=value)
                for key, value in wanted.items()
            ]
        )
        record(ProductAction.EDIT, product, by=by, at=at, sku=product.sku, attributes=len(wanted))


def _checked(attribute: CategoryAttribute, typed: str) -> str:
    value = typed.strip()
    field = f"attributes.{attribute.name}"
    if len(value) > 200 or not value.isprintable():
        raise BadProduct(_("This needs 1 to %(longest)d characters.") % {"longest": 200}, field=field)
    if not value:
        return ""
    if attribute.kind == CategoryAttribute.Kind.CHOICE and value not in attribute.options:
        message = _("“%(value)s” is none of %(choices)s.")
        words = {"value": value, "choices": "、".join(attribute.options)}
        raise BadProduct(message % words, field=field)
    if attribute.kind == CategoryAttribute.Kind.NUMBER:
        try:
            return f"{read_number(value)}"
        except UnreadableInput as error:
            message = _("“%(value)s” is no number.") % {"value": value}
            raise BadProduct(message, field=field) from error
    return value
