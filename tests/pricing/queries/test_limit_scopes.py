"""Which limits apply to a quote: by product, category, level, region and contract of the buyer."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Category
from pricing.models import Limit
from pricing.queries import quote_for
from tests.factories import a_contract, a_manufacturer, a_party, a_price_list, a_product

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)


@pytest.fixture
def trade(in_acme):
    food = Category.objects.create(code="food", name="食品")
    sauce = Category.objects.create(code="sauce", name="酱", parent=food)
    soy = Category.objects.create(code="soy", name="酱油", parent=sauce)
    paint = Category.objects.create(code="paint", name="涂料")
    maker = a_manufacturer()
    dealer = a_party("dealer", parent=maker, region_id="441302")
    member = a_party("member", parent=dealer, region_id="4413")
    product = a_product("A", category=soy)
    other = a_product("B", category=paint)
    for seller in (maker, dealer):
        a_price_list(seller, {product: "5", other: "5"})
    return {
        "maker": maker,
        "dealer": dealer,
        "member": member,
        "food": food,
        "soy": soy,
        "paint": paint,
        "product": product,
    }


def limited(seller, **values):
    given = {"clause": "§", "floor": Decimal("9"), "action": "review"}
    return Limit.objects.create(seller=seller, **given | values)


def clauses(trade, seller="maker", buyer="dealer", **more):
    found = quote_for(
        seller_id=trade[seller].id, buyer_id=trade[buyer].id, lines=[("A", 1), ("B", 1)], on=ON, **more
    )
    return [line.clauses for line in found.quote.lines]


@pytest.mark.parametrize(
    ("values", "on_a", "on_b"),
    [
        ({"product": "product"}, True, False),
        ({"category": "soy"}, True, False),
        ({"category": "food"}, True, False),
        ({"category": "paint"}, False, True),
        ({}, True, True),
    ],
)
def test_a_limit_names_a_product_a_category_with_those_below_it_or_all(trade, values, on_a, on_b):
    limited(trade["maker"], **{name: trade[value] for name, value in values.items()})
    assert [bool(one) for one in clauses(trade)] == [on_a, on_b]


@pytest.mark.parametrize(
    ("values", "applies"),
    [
        ({"level": "dealer"}, True),
        ({"level": "member"}, False),
        ({"region_id": "44"}, True),
        ({"region_id": "441302"}, True),
        ({"region_id": "4401"}, False),
        ({"region_id": "44", "level": "member"}, False),
        ({"starts_on": ON, "until": date(2026, 6, 2)}, True),
        ({"until": ON}, False),
        ({"starts_on": date(2026, 6, 2)}, False),
    ],
)
@pytest.mark.parametrize("goods", ["product", "category"])
def test_a_limit_applies_to_the_buyers_that_it_names(trade, values, applies, goods):
    goods_of = {"product": trade["product"], "category": trade["food"]}
    limited(trade["maker"], **{goods: goods_of[goods]}, **values)
    assert bool(clauses(trade)[0]) == applies


def test_a_limit_of_a_contract_applies_under_that_contract_only(trade):
    a_contract(trade["dealer"], trade["member"], code="C-1")
    limited(trade["dealer"], category=trade["food"], contract_code="C-1")
    limited(trade["dealer"], category=trade["food"], contract_code="C-2", clause="other")
    assert clauses(trade, "dealer", "member") == [("§",), ()]


def test_every_limit_that_applies_is_compared_and_the_worst_verdict_wins(trade):
    limited(trade["maker"], product=trade["product"], clause="1", action="advise")
    limited(trade["maker"], category=trade["soy"], clause="2", action="block")
    limited(trade["maker"], level="dealer", clause="3")
    found = quote_for(seller_id=trade["maker"].id, buyer_id=trade["dealer"].id, lines=[("A", 1)], on=ON)
    assert (found.quote.lines[0].clauses, found.quote.verdict) == (("1", "2", "3"), "block")


def test_a_limit_of_another_seller_never_applies(trade):
    limited(trade["dealer"])
    assert clauses(trade) == [(), ()]


def test_limits_of_every_scope_take_no_further_statement(trade):
    clauses(trade)
    with CaptureQueriesContext(
        connection,
    ) as before:
        clauses(trade)
    for place, values in enumerate([{"product": trade["product"]}, {"category": trade["food"]}, {}]):
        limited(trade["maker"], clause=str(place), **values)
    with CaptureQueriesContext(connection) as after:
        clauses(trade)
    assert len(after) == len(before)
