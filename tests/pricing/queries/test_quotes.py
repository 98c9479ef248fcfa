from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Product
from kernel.refusals import Refusal
from pricing.models import Limit
from pricing.queries import quote_for
from tenancy.context import tenant_active
from tenancy.models import new_id
from tests.factories import (
    a_channel,
    a_contract,
    a_manufacturer,
    a_party,
    a_price_list,
    a_product,
    a_scheme,
    a_tag,
    a_tier,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def maker(in_acme):
    return a_manufacturer()


@pytest.fixture
def dealer(maker):
    party = a_party(
        "dealer",
        code="D-1",
        parent=maker,
        region_id="441302",
        channel=a_channel("wholesale"),
        tier=a_tier("core"),
    )
    a_tag(party, "township")
    return party


@pytest.fixture
def soy(in_acme):
    return a_product("SOY-500")


def price(seller, buyer, *lines, on=TODAY, **more):
    return quote_for(seller_id=seller.id, buyer_id=buyer.id, lines=lines, on=on, **more)


@pytest.mark.parametrize(
    "audience",
    [
        ("everyone", ""),
        ("level", "dealer"),
        ("region", "44"),
        ("region", "441302"),
        ("tier", "core"),
        ("channel", "wholesale"),
        ("tag", "township"),
        ("party", "D-1"),
    ],
)
def test_a_list_for_the_buyer_sets_the_price(maker, dealer, soy, audience):
    made = a_price_list(maker, {soy: "60.5"}, audience=audience)
    line = price(maker, dealer, ("SOY-500", 3)).quote.lines[0]
    assert (line.price_list, line.base_price, line.amount) == (made.code, Decimal("60.5"), Decimal("181.50"))


@pytest.mark.parametrize(
    "audience",
    [
        ("level", "member"),
        ("region", "4401"),
        ("tier", "growing"),
        ("channel", "retail"),
        ("tag", "city"),
        ("party", "D-2"),
        ("contract", "C-1"),
    ],
)
def test_a_list_for_others_does_not(maker, dealer, soy, audience):
    a_price_list(maker, {soy: "60"}, audience=audience)
    assert price(maker, dealer, ("SOY-500", 3)).quote.verdict == "no_price"


@pytest.mark.parametrize(
    "values",
    [
        {"state": "draft"},
        {"state": "withdrawn"},
        {"starts_on": TODAY + timedelta(1)},
        {"until": TODAY},
    ],
)
def test_a_list_that_is_not_in_force_sets_no_price(maker, dealer, soy, values):
    a_price_list(maker, {soy: "60"}, **values)
    assert price(maker, dealer, ("SOY-500", 3)).quote.verdict == "no_price"


def test_another_sellers_list_sets_no_price(maker, dealer, soy):
    a_price_list(a_party("dealer"), {soy: "1"})
    assert price(maker, dealer, ("SOY-500", 3)).quote.verdict == "no_price"


def test_the_narrower_audience_wins_and_quantity_breaks_count(maker, dealer, soy):
    a_price_list(maker, {soy: "60"}, code="BASE", audience=("level", "dealer"))
    region = a_price_list(
        maker, [(soy, "58", 0), (soy, "55", 100)], code="HUIZHOU", audience=("region", "4413")
    )
    few, many = (price(maker, dealer, ("SOY-500", n)).quote.lines[0] for n in (99, 100))
    assert (few.price_list, few.base_price, many.base_price) == (region.code, 58, 55)


def test_a_price_for_a_case_keeps_its_per(maker, dealer, soy):
    a_price_list(maker, {soy: "100"}, per=24)
    line = price(maker, dealer, ("SOY-500", 1200)).quote.lines[0]
    assert (line.per, line.amount) == (24, Decimal("5000.00"))


def test_a_members_contract_opens_its_list_and_its_limits(in_acme, maker, soy):
    dealer = a_party("dealer")
    member = a_party("member", parent=dealer)
    a_price_list(dealer, {soy: "70"})
    a_price_list(dealer, {soy: "66"}, audience=("contract", "C-7"))
    Limit.objects.create(
        seller=dealer, product=soy, contract_code="C-7", clause="4.2", ceiling="65", action="review"
    )
    before = price(dealer, member, ("SOY-500", 1))
    contract = a_contract(dealer, member, code="C-7")
    after = price(dealer, member, ("SOY-500", 1))
    assert (before.quote.total, before.quote.verdict, before.buyer.contract_id) == (70, "ok", None)
    assert (after.quote.total, after.quote.verdict, after.quote.lines[0].clauses) == (66, "review", ("4.2",))
    assert (after.buyer.contract_id, after.buyer.contract_code) == (contract.id, "C-7")


def test_a_named_contract_must_hold(in_acme, maker, soy):
    dealer, member = a_party("dealer"), a_party("member")
    ended = a_contract(dealer, member, state="ended")
    with pytest.raises(Refusal) as refused:
        price(dealer, member, ("SOY-500", 1), contract_id=ended.id)
    assert (refused.value.code, refused.value.field) == ("contract_not_in_force", "contract")


@pytest.mark.parametrize("values", [{"starts_on": TODAY + timedelta(1)}, {"until": TODAY}])
def test_a_limit_counts_on_its_days_only(maker, dealer, soy, values):
    a_price_list(maker, {soy: "60"})
    Limit.objects.create(seller=maker, product=soy, clause="p", floor="90", action="block", **values)
    assert price(maker, dealer, ("SOY-500", 1)).quote.verdict == "ok"


def test_a_limit_of_the_seller_blocks(maker, dealer, soy):
    a_price_list(maker, {soy: "60"})
    Limit.objects.create(seller=maker, product=soy, clause="p", floor="90", action="block")
    Limit.objects.create(seller=dealer, product=soy, clause="q", floor="90", action="block")
    quote = price(maker, dealer, ("SOY-500", 1)).quote
    assert (quote.verdict, quote.lines[0].clauses) == ("block", ("p",))


def test_schemes_of_the_seller_apply(maker, dealer, soy):
    a_price_list(maker, {soy: "100"})
    a_scheme(maker, "step", {"steps": [{"from": "500", "percent_off": "0.1"}]}, code="STEP")
    a_scheme(maker, "free_goods", {"skus": ["SOY-500"], "buy": 8, "free": 1, "mode": "unit"}, code="8+1")
    a_scheme(maker, "special_price", {"skus": ["SOY-500"], "price": "1"}, state="draft")
    a_scheme(maker, "special_price", {"price": "2"}, audience_kind="tag", audience_value="city")
    a_scheme(maker, "special_price", {"price": "3"}, until=TODAY)
    a_scheme(dealer, "special_price", {"price": "4"})
    line = price(maker, dealer, ("SOY-500", 8)).quote.lines[0]
    assert (line.amount, line.free_qty, line.schemes) == (Decimal("720.00"), 1, ("STEP", "8+1"))


def test_an_edited_scheme_counts_at_once(maker, dealer, soy):
    a_price_list(maker, {soy: "100"})
    scheme = a_scheme(maker, "special_price", {"price": "90"})
    assert price(maker, dealer, ("SOY-500", 1)).quote.total == 90
    scheme.terms = {"price": "80"}
    scheme.save()
    assert price(maker, dealer, ("SOY-500", 1)).quote.total == 80


def test_a_gift_brings_its_product_and_its_worth(maker, dealer, soy):
    spoon = a_product("SPOON", tax_rate="0.09")
    a_price_list(maker, {soy: "100", spoon: "7"})
    terms = {"skus": ["SOY-500"], "buy": 10, "free": 2, "mode": "unit", "gift_sku": "SPOON"}
    a_scheme(maker, "free_goods", terms, code="GIFT")
    found = price(maker, dealer, ("SOY-500", 20))
    assert found.quote.gifts == (("SPOON", 4, "GIFT"),)
    assert (found.products["SPOON"].id, found.products["SPOON"].tax_rate) == (spoon.id, Decimal("0.09"))
    assert found.quote.schemes[0].worth == 28


def test_a_gift_that_is_no_product_is_refused_loudly(maker, dealer, soy):
    terms = {"buy": 1, "free": 1, "mode": "unit", "gift_sku": "GONE"}
    a_scheme(maker, "free_goods", terms, code="GIFT")
    with pytest.raises(Refusal) as refused:
        price(maker, dealer, ("SOY-500", 1))
    assert (refused.value.code, refused.value.field) == ("unknown_product", "schemes[GIFT].gift_sku")


@pytest.mark.parametrize(
    ("lines", "code", "field"),
    [
        ([("SOY-500", 1), ("NOPE", 1)], "unknown_product", "lines[1].sku"),
        ([("SOY-500", 1), ("SOY-500", 2)], "duplicate", "lines[1].sku"),
        ([("SOY-500", 0)], "zero", "lines[0].qty"),
    ],
)
def test_a_senseless_order_is_refused(maker, dealer, soy, lines, code, field):
    with pytest.raises(Refusal) as refused:
        price(maker, dealer, *lines)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize("missing", ["seller", "buyer"])
def test_an_unknown_party_is_refused(maker, dealer, missing):
    parties = {"seller_id": maker.id, "buyer_id": dealer.id} | {f"{missing}_id": new_id()}
    with pytest.raises(Refusal) as refused:
        quote_for(**parties, lines=[], on=TODAY)
    assert (refused.value.code, refused.value.field) == ("not_found", missing)


def test_the_facts_of_both_parties_come_along(maker, dealer, soy):
    found = price(maker, dealer, ("SOY-500", 1))
    assert (found.seller.code, found.seller.kind) == (maker.code, "manufacturer")
    assert found.buyer.region == ("44", "4413", "441302")
    assert (found.buyer.tier, found.buyer.channel, found.buyer.tags) == ("core", "wholesale", {"township"})
    assert found.buyer.parent_id == maker.id
    assert found.products["SOY-500"].id == soy.id


def test_another_tenants_prices_are_not_there(acme, bolt):
    with tenant_active(acme):
        maker, dealer, soy = a_manufacturer(), a_party("dealer"), a_product("SOY-500")
        a_price_list(maker, {soy: "60"})
    with tenant_active(bolt), pytest.raises(Refusal) as refused:
        price(maker, dealer, ("SOY-500", 1))
    assert refused.value.code == "not_found"


def test_the_number_of_statements_does_not_grow_with_the_lines_and_falls_once_the_prices_are_read(maker):
    dealer = a_party("dealer")
    member = a_party("member", parent=dealer)
    products = [Product(sku=f"S{n}", name="x") for n in range(300)]
    Product.objects.bulk_create(products)
    for n in range(10):
        a_price_list(dealer, dict.fromkeys(products, n + 1), priority=n)
    asked = []
    for size in (5, 300, 5, 300):
        with CaptureQueriesContext(connection) as statements:
            quote = price(dealer, member, *((f"S{n}", 1) for n in range(size))).quote
        asked.append(len(statements))
        assert quote.total == 10 * size
    assert asked == [6, 6, 5, 5]
