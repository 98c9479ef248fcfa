from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.rights import the_system
from audit.models import AuditEntry
from ledger.models import Book
from ordering.models import Order, Return, Shipment
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.returns import take_back
from ordering.operations.shipping import ship
from tenancy.context import tenant_active
from tests.approving import approve_on_screen
from tests.ordering.trade import AT, a_trade
from tests.people import a_member_of, signed_in


@pytest.fixture
def director(acme):
    membership = a_member_of(acme)
    with tenant_active(acme):
        order = a_trade().place()
        given = {"by": the_system(), "at": AT}
        confirm_order(order_id=order.id, **given)
        shipment = ship(order_id=order.id, **given)
        deliver(shipment_id=shipment.id, signed_by="", by=the_system(), at=AT + timedelta(hours=1))
        take_back(order_id=order.id, lines=[(1, 1)], by=the_system(), at=AT + timedelta(hours=2))
    return signed_in(membership)


@pytest.mark.parametrize(
    "page",
    [
        "ordering/order",
        "ordering/shipment",
        "ordering/return",
        "ordering/stock",
        "ordering/stockmovement",
        "ledger/book",
        "ledger/account",
        "ledger/journal",
        "ledger/entry",
        "ledger/openitem",
    ],
)
def test_what_happened_can_be_looked_at_and_not_made(director, page):
    listed = director.get(f"/admin/{page}/")
    assert listed.status_code == 200
    assert director.get(f"/admin/{page}/?q=D1").status_code == 200
    assert director.get(f"/admin/{page}/add/").status_code == 403


@pytest.mark.parametrize("noun", [Order, Shipment, Return])
def test_a_page_shows_its_lines(acme, director, noun):
    with tenant_active(acme):
        thing = noun.objects.get()
    shown = director.get(f"/admin/ordering/{noun._meta.model_name}/{thing.id}/change/")
    assert shown.status_code == 200
    assert thing.number in shown.content.decode()


def test_a_credit_limit_is_set_by_its_operation(acme, director):
    with tenant_active(acme):
        book = Book.objects.get()
    form = {"credit_limit": "500.00", "horizon_days": "", "max_overdue_days": "", "payment_days": "45"}
    alone = director.post(f"/admin/ledger/book/{book.id}/change/", form)
    assert "第二人" in alone.content.decode()
    finance = signed_in(a_member_of(acme, role="finance"))
    assert director.post(f"/admin/ledger/book/{book.id}/change/", form).status_code == 302
    with tenant_active(acme):
        assert Book.objects.get().credit_limit is None
        assert not AuditEntry.objects.filter(action="admin.change").exists()
    approve_on_screen(finance, acme)
    with tenant_active(acme):
        book = Book.objects.get()
        assert (book.credit_limit, book.payment_days) == (Decimal("500.00"), 45)


def test_the_history_of_an_order_shows_every_action_on_it_and_its_shipments(acme, director):
    with tenant_active(acme):
        order = Order.objects.get()
    page = director.get(f"/admin/ordering/order/{order.id}/history/")
    actions = [entry.action for entry in page.context["entries"]]
    verbs = ["take_back", "deliver", "ship", "confirm", "place"]
    assert actions == [f"order.{verb}" for verb in verbs]
    text = page.content.decode()
    assert [word for word in ("下单", "确认订单", "发货", "签收", "退货入库") if word not in text] == []
