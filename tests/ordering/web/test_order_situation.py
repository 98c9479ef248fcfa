"""Orders that do not proceed: a hold leads to the account, prices in review are decided on or sent back."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse

from accounts.models import Message
from audit.models import AuditEntry
from catalogue.models import Product, Unit
from jobs.models import OutboxMessage
from ledger.models import Book
from ledger.operations.books import open_book
from ledger.operations.verification import violations
from ordering.models import Cart, Order, Shipment, Stock
from ordering.notifications.handlers import sent_back
from ordering.operations.confirming import release_held
from ordering.operations.sending_back import ReasonMissing, send_back
from pricing.models import Limit
from tests.factories import a_party, a_price_list, an_actor
from tests.ordering.trade import AT, ME, Trade, confirmed, delivered
from tests.scene import MOST, Scene, said, statements, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


def at(name, order):
    return reverse(name, args=[order.id])


def a_held_order(scene):
    with scene.inside():
        book = open_book(seller_id=scene.trade.seller.id, buyer_id=scene.trade.buyer.id)
        Book.objects.filter(id=book).update(credit_limit=1)
    order = scene.order(Trade.place)
    assert order.state == "held"
    return order, book


def an_order_in_review(scene, **given):
    with scene.inside():
        Limit.objects.create(
            seller=scene.trade.seller,
            product=scene.trade.products[0],
            clause="4.2",
            floor="6",
            action="review",
        )
    order = scene.order(Trade.place, ("A", 10), ("B", 3), **given)
    assert order.state == "review"
    return order


def test_a_held_order_leads_to_the_account_and_to_recording_a_payment(scene):
    order, book = a_held_order(scene)
    page = scene.as_("finance").get(at("order", order)).content.decode()
    account = reverse("book", args=[book])
    assert f'href="{account}#payment"' in page
    assert f'href="{account}"' in page
    assert 'id="payment"' in scene.as_("finance").get(account).content.decode()
    buyer = scene.buyer.get(at("order", order)).content.decode()
    assert f'href="{account}"' in buyer
    assert "#payment" not in buyer
    assert account not in scene.as_("purchaser", scene.trade.buyer).get(at("order", order)).content.decode()


def test_the_account_shows_what_is_held_and_afterwards_what_was_released(scene):
    order, book = a_held_order(scene)
    url = reverse("held-orders", args=[book])
    finance = scene.as_("finance")
    assert order.number in text_of(finance.get(url))
    scene.as_("finance").post(
        reverse("book", args=[book]), {"what": "payment", "amount": "500", "voucher": "V-77"}
    )
    assert 'hx-trigger="every 2s"' in finance.get(url).content.decode()
    with scene.inside():
        assert OutboxMessage.objects.filter(topic="ledger.credit_changed").exists()
        Book.objects.filter(id=book).update(credit_limit=100_000)
        release_held(order_id=order.id, by=ME, at=datetime.now(UTC))
    assert f"{order.number} released" in text_of(finance.get(url))
    assert scene.other.get(url).status_code == 404


def test_a_price_in_review_is_marked_with_its_limit_and_its_shortfall(scene):
    order = an_order_in_review(scene)
    page = scene.director.get(at("order", order))
    (limited,) = page.context["limited"]
    assert (limited.line.sku, limited.clause, limited.floor) == ("A", "4.2", Decimal("6"))
    assert (limited.deviation.per_unit, limited.deviation.amount) == (Decimal("1"), Decimal("10.00"))
    assert limited.margin is None
    assert "≥ 6.0000" in text_of(page)
    assert statements(scene.director, at("order", order)) <= MOST + 3
    for client in (scene.buyer, scene.as_("finance")):
        told = text_of(client.get(at("order", order)))
        assert "price outside its limit: 4.2" in told
        assert "6.0000" not in told


def test_a_dealer_sees_its_margin_on_the_line(scene):
    with scene.inside():
        dealer = scene.trade.buyer
        member = a_party("member", parent=dealer)
        product = scene.trade.products[0]
        a_price_list(dealer, {product: "5.50"})
        Limit.objects.create(seller=dealer, product=product, clause="L", floor="6", action="review")
        order = scene.trade.place(("A", 10), seller_id=dealer.id, buyer_id=member.id)
    (limited,) = scene.buyer.get(at("order", order)).context["limited"]
    assert (limited.purchase_price, limited.margin) == (Decimal("5.0000"), Decimal("0.5000"))
    assert f"{limited.margin_rate:.4f}" == "0.0909"


def test_an_order_sent_back_ends_and_its_lines_are_a_draft_of_the_buyer(scene):
    order = an_order_in_review(scene)
    page = scene.director.post(at("order-send-back", order), {"reason": "低于 4.2 条底价"})
    assert "sent back" in said(page)[0]
    with scene.inside():
        stored, draft = Order.objects.get(id=order.id), Cart.objects.get()
        assert stored.state == "cancelled"
        assert draft.lines == [{"sku": "A", "qty": 10, "unit": ""}, {"sku": "B", "qty": 3, "unit": ""}]
        assert AuditEntry.objects.get(action="order.send_back").facts["reason"] == "低于 4.2 条底价"
        assert violations() == []
    buyer = scene.buyer.get(at("order", order))
    assert "低于 4.2 条底价" in text_of(buyer)
    assert f"{reverse('order-new')}?cart={draft.id}" in buyer.content.decode()
    assert scene.buyer.get(f"{reverse('order-new')}?cart={draft.id}").status_code == 200


def test_it_goes_back_only_with_a_reason_from_review_and_by_the_seller(scene):
    order = an_order_in_review(scene)
    assert said(scene.director.post(at("order-send-back", order), {"reason": " "})) == [
        "Write why the order goes back."
    ]
    assert (
        "for the seller of the order"
        in said(scene.buyer.post(at("order-send-back", order), {"reason": "x"}))[0]
    )
    assert scene.other.post(at("order-send-back", order), {"reason": "x"}).status_code == 404
    assert scene.as_("sales_rep").post(at("order-send-back", order), {"reason": "x"}).status_code == 403
    with scene.inside():
        assert Order.objects.get(id=order.id).state == "review"
        with pytest.raises(ReasonMissing):
            send_back(order_id=order.id, reason="", by=ME, at=AT)
    placed = scene.order(Trade.place, ("B", 1))
    assert said(scene.director.post(at("order-send-back", placed), {"reason": "x"}))
    with scene.inside():
        assert Order.objects.get(id=placed.id).state == "placed"


def test_the_buyer_and_the_person_who_placed_it_are_notified(scene):
    expected = {
        scene.as_(role, party).session["_auth_user_id"]
        for role, party in (
            ("owner", scene.trade.buyer),
            ("purchaser", scene.trade.buyer),
            ("director", scene.trade.seller),
        )
    }
    scene.as_("warehouse", scene.trade.buyer), scene.as_("region_manager")
    director = scene.director.session["_auth_user_id"]
    by = replace(an_actor(scene.trade.seller), user_id=UUID(director))
    order = an_order_in_review(scene, by=by)
    with scene.inside():
        send_back(order_id=order.id, reason="差 1 元", by=ME, at=AT)
        sent_back({"order_id": str(order.id)}, AT)
        sent = Message.objects.filter(topic="ordering.sent_back")
        assert {str(one.person_id) for one in sent} == expected
        assert all(one.params["reason"] == "差 1 元" for one in sent)


def test_quantities_are_in_cases_and_the_remainder(scene):
    with scene.inside():
        product = Product.objects.get(sku="A")
        Unit.objects.create(product=product, name="箱", factor=12)
        Stock.objects.update(on_hand=1000)
        scene.trade.buyer.address, scene.trade.buyer.contact = "端州路 9 号", "张三"
        scene.trade.buyer.save()
    order = scene.order(delivered, ("A", 63))
    words = "5\N{NO-BREAK SPACE}cases 3\N{NO-BREAK SPACE}bottles"
    with scene.inside():
        shipment = Shipment.objects.get()
    for page in (at("order", order), at("shipment", shipment), at("shipment-receive", shipment)):
        shown = scene.buyer.get(page).content.decode()
        assert words in shown, page
        assert product.name in shown
        assert "端州路 9 号" in shown
        assert "张三" in shown


def test_a_shipment_is_typed_in_cases(scene):
    with scene.inside():
        Unit.objects.create(product=Product.objects.get(sku="A"), name="箱", factor=12)
    order = scene.order(confirmed, ("A", 63))
    page = scene.as_("warehouse").post(at("order-ship", order), {"qty-1": "2 托"})
    assert page.status_code == 409
    assert "has a unit that the product does not have" in text_of(page)
    scene.as_("warehouse").post(at("order-ship", order), {"qty-1": "5箱2瓶"})
    with scene.inside():
        assert Shipment.objects.get().lines.get().qty == 62
