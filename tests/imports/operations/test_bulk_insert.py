"""What is written in bulk is what the real operations would have left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from accounts.rights import the_system
from catalogue.models import Product
from dealers.models import Party
from ledger.models import Account, Entry, Journal, OpenItem
from ordering.models import Order, OrderLine, Return, ReturnLine, Shipment, ShipmentLine, TradeFact
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.placing import place_order
from ordering.operations.returns_without_order import take_back_without_order
from ordering.operations.shipping import ship
from ordering.queries.reconciliation import differences
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_party, a_price_list
from tests.imports.sheets import row, sheet

AT = datetime(2026, 3, 2, 1, 26, tzinfo=UTC)
ON_SHEET = "2026-03-02 09:26:00"
OWN = {
    "id",
    "tenant",
    "number",
    "source",
    "order",
    "shipment",
    "order_line",
    "product",
    "seller",
    "buyer",
    "parent",
}
TOLD_ELSEWHERE = {"note", "price_list", "why", "signed_by", "facts", "reason", "placed_by"}


def imported(acme: Tenant, tmp_path: Any) -> None:
    rows = [
        row(at=ON_SHEET),
        row(code="71053", qty=7, price="0.125", at=ON_SHEET),
        row(invoice="C900001", qty=-2, at=ON_SHEET),
    ]
    path = sheet(tmp_path, rows)
    call_command(
        "import_sales",
        str(path),
        "--tenant",
        "acme",
        "--rejects",
        str(tmp_path / "rejects"),
        stdout=StringIO(),
        stderr=StringIO(),
    )


def done_by_hand(bolt: Tenant) -> None:
    by = the_system()
    with tenant_active(bolt):
        seller = a_party("manufacturer", code="M", name="Maker")
        buyer = a_party("dealer", code="17850", name="Customer 17850", parent=seller)
        lamp = Product.objects.create(sku="85123A", name="LAMP", tax_rate=0)
        lantern = Product.objects.create(sku="71053", name="LANTERN", tax_rate=0)
        a_price_list(seller, {lamp: "2.55", lantern: "0.125"})
        lines = [("85123A", 6), ("71053", 7)]
        order = place_order(seller_id=seller.id, buyer_id=buyer.id, lines=lines, by=by, at=AT)
        confirm_order(order_id=order.id, by=by, at=AT)
        shipment = ship(order_id=order.id, by=by, at=AT)
        deliver(shipment_id=shipment.id, signed_by="", by=by, at=AT)
        back = [("85123A", 2, Decimal("2.55"))]
        take_back_without_order(seller_id=seller.id, buyer_id=buyer.id, lines=back, by=by, at=AT)


def told(tenant: Tenant) -> dict[str, Any]:
    with tenant_active(tenant):
        found: dict[str, Any] = {
            model.__name__: sorted((plain(one) for one in model.objects.all()), key=str)
            for model in (Order, OrderLine, Shipment, ShipmentLine, Return, ReturnLine, OpenItem)
        }
        skus = dict(Product.objects.values_list("id", "sku"))
        codes = dict(Party.objects.values_list("id", "code"))
        found["facts"] = sorted(
            (
                skus[fact.product_id],
                codes[fact.buyer_id],
                fact.day,
                fact.ordered_qty,
                fact.ordered_net,
                fact.delivered_qty,
                fact.delivered_free,
                fact.delivered_net,
                fact.returned_qty,
                fact.returned_net,
            )
            for fact in TradeFact.objects.all()
        )
        found["balances"] = sorted(Account.objects.values_list("kind", "balance"))
        found["kinds"] = set(Journal.objects.values_list("kind", flat=True)) - {"commitment"}
        kinds = Entry.objects.exclude(account__kind__in=["committed", "commitment"])
        found["entries"] = sorted(kinds.values_list("journal__kind", "account__kind", "amount"))
        assert differences() == []
        return found


def plain(one: Any) -> dict[str, Any]:
    values = {field.name: getattr(one, field.attname) for field in one._meta.local_fields}
    return {
        name: value
        for name, value in values.items()
        if name not in OWN | TOLD_ELSEWHERE and not isinstance(value, UUID)
    }


@pytest.mark.django_db
def test_an_imported_order_and_return_are_like_those_made_by_hand(tmp_path, acme, bolt):
    imported(acme, tmp_path)
    done_by_hand(bolt)
    by_hand, by_file = told(bolt), told(acme)
    for name, rows in by_hand.items():
        assert by_file[name] == rows, name
