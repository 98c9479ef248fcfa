"""Manual prices and limits over the API; a price typed by a buyer is refused."""

from decimal import Decimal

import pytest

from ordering.models import ManualPrice, Order
from pricing.models import Limit
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_category
from tests.ordering.trade import a_trade

pytestmark = pytest.mark.django_db
MANUAL = {"price": "4.5", "reason": "开业"}


@pytest.fixture
def keys(acme):
    with tenant_active(acme):
        trade = a_trade()
        a_category("soy")
    seller = ApiClient(acme, trade.seller, "director")
    return trade, seller, ApiClient(acme, trade.buyer, "owner")


def body(trade, manual=MANUAL, **more):
    lines = [{"sku": "A", "qty": 10, "manual_price": manual}, {"sku": "B", "qty": 1}]
    return {"seller": trade.seller.code, "buyer": trade.buyer.code, "lines": lines} | more


def test_the_seller_orders_at_a_price_of_its_own(acme, keys):
    trade, seller, buyer = keys
    answer = seller.post("orders", body(trade))
    assert answer.status_code == 201
    (line, other) = answer.json()["lines"]
    assert (line["amount"], line["manual_price"]["reason"], line["manual_price"]["list_price"]) == (
        "45.00",
        "开业",
        "5.00",
    )
    assert other["manual_price"] is None
    theirs = buyer.get(f"orders/{answer.json()['id']}").json()["lines"][0]["manual_price"]
    assert (theirs["price"], theirs["reason"], theirs["set_by"]) == ("4.50", None, None)
    (row,) = seller.get("manual-prices").json()["results"]
    assert (row["sku"], row["difference"], row["reason"]) == ("A", "-5.00", "开业")
    assert buyer.get("manual-prices").json()["results"] == []
    assert seller.get("manual-prices", {"sku": "B"}).json()["results"] == []


@pytest.mark.parametrize(
    ("manual", "field"),
    [
        ({"price": "4.5"}, "lines[0].manual_price.reason"),
        ({"price": 4.5, "reason": "x"}, "lines[0].manual_price.price"),
        ({"price": "-1", "reason": "x"}, "lines[0].manual_price.price"),
        ({"price": "1", "per": 0, "reason": "x"}, "lines[0].manual_price.per"),
        ({"price": "1", "reason": "x", "by": "me"}, "lines[0].manual_price.by"),
    ],
)
def test_a_senseless_price_is_refused_with_its_path(acme, keys, manual, field):
    trade, seller, _buyer = keys
    answer = seller.post("orders", body(trade, manual))
    assert answer.status_code in (400, 422)
    assert answer.json()["field"] == field


def test_a_buyer_types_no_price(acme, keys):
    trade, _seller, buyer = keys
    assert buyer.post("orders", body(trade)).status_code == 403
    typed = {"lines": [{"sku": "A", "qty": 1, "price": "1"}]}
    assert buyer.post("orders", typed).status_code in (400, 422)
    with tenant_active(acme):
        assert not Order.objects.exists()
        assert not ManualPrice.objects.exists()


def test_limits_are_set_changed_listed_and_ended(acme, keys):
    _trade, seller, buyer = keys
    given = {"clause": "§ 3", "category": "soy", "level": "dealer", "region": "44", "floor": "4.5"}
    made = seller.post("limits", given | {"action": "review"})
    assert made.status_code == 201
    assert (made.json()["category"], made.json()["region"], made.json()["sku"]) == ("soy", "44", "")
    pk = made.json()["id"]
    changed = seller.client.patch(
        f"/api/v1/limits/{pk}",
        {"sku": "A", "category": "", "floor": "5.5"},
        content_type="application/json",
        headers=seller.headers | {"Idempotency-Key": "p1"},
    )
    assert (changed.json()["sku"], changed.json()["floor"]) == ("A", "5.5000")
    assert [one["id"] for one in seller.get("limits", {"sku": "A"}).json()["results"]] == [pk]
    assert buyer.get("limits").json()["results"] == []
    ended = seller.post(f"limits/{pk}/end", {"on": "2026-06-01"})
    assert ended.json()["until"] == "2026-06-01"
    with tenant_active(acme):
        assert Limit.objects.get().floor == Decimal("5.5")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"sku": "NONE"}, "sku"),
        ({"category": "none"}, "category"),
        ({"region": "999"}, "region"),
        ({"contract": "none"}, "contract_code"),
        ({"sku": "A", "category": "soy"}, "category"),
        ({"floor": None}, "floor"),
    ],
)
def test_a_senseless_limit_is_refused(acme, keys, given, field):
    _trade, seller, _buyer = keys
    answer = seller.post("limits", {"clause": "1", "action": "review", "floor": "1"} | given)
    assert answer.status_code in (400, 409, 422)
    assert answer.json()["field"] == field
