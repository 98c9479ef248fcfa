from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from kernel.refusals import Refusal
from pricing.models import Limit, Scheme
from pricing.operations.limits import end_limit, set_limit
from pricing.operations.schemes import draft_scheme, edit_scheme, publish_scheme, withdraw_scheme
from tenancy.models import new_id
from tests.approving import by_two
from tests.factories import a_contract, a_manufacturer, a_party, a_product, an_actor
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def maker(in_acme):
    a_product("SOY")
    return a_manufacturer()


@pytest.fixture
def director(maker):
    return an_actor(maker)


def drafted(maker, director, kind="step", terms=None, **values):
    terms = {"steps": [{"from": "100", "percent_off": "0.1"}]} if terms is None else terms
    scheme = Scheme(**{"seller": maker, "code": "S", "kind": kind, "terms": terms} | values)
    return draft_scheme(scheme=scheme, by=director, at=NOW)


def test_a_scheme_is_drafted_edited_published_and_withdrawn(maker, director):
    scheme = drafted(maker, director)
    scheme.terms = {"skus": ["SOY"], "steps": [{"from": "10", "amount_off": "1"}], "measure": "quantity"}
    edit_scheme(scheme=scheme, by=director, at=NOW)
    assert by_two(publish_scheme, scheme_id=scheme.id, by=director, at=NOW).state == "published"
    with refused("wrong_state"):
        edit_scheme(scheme=scheme, by=director, at=NOW)
    with refused("wrong_state"):
        publish_scheme(scheme_id=scheme.id, by=director, at=NOW)
    assert withdraw_scheme(scheme_id=scheme.id, by=director, at=NOW).state == "withdrawn"


@pytest.mark.parametrize(
    ("kind", "terms", "field", "reason"),
    [
        ("step", {}, "terms.steps", "missing"),
        ("step", [], "terms", "not_an_object"),
        ("step", {"steps": []}, "terms.steps", "empty"),
        ("step", {"steps": [{"from": "1"}]}, "terms.steps[0].percent_off", "missing"),
        (
            "step",
            {"steps": [{"from": "9", "amount_off": "1"}, {"from": "8", "amount_off": "2"}]},
            "terms.steps[1].from",
            "out_of_order",
        ),
        ("step", {"steps": [{"from": "1", "percent_off": 0.1}]}, "terms.steps[0].percent_off", "json_float"),
        ("special_price", {"price": "-1"}, "terms.price", "negative"),
        ("special_price", {"price": "1", "skus": ["SOY", "NOPE"]}, "terms.skus", "unknown_product"),
        ("special_price", {"price": "1", "priority": 7}, "terms.priority", "unknown_key"),
        ("free_goods", {"buy": 0, "free": 1}, "terms.buy", "zero"),
        ("free_goods", {"buy": 8, "free": 1, "gift_sku": "NOPE"}, "terms.gift_sku", "unknown_product"),
        ("free_goods", {"buy": 8, "free": 1, "mode": "magic"}, "terms.mode", "unknown_choice"),
        ("order_amount", {"steps": [{"from": "1", "amount_off": "1"}], "x": 1}, "terms.x", "unknown_key"),
        ("magic", {}, "terms.kind", "unknown_choice"),
    ],
)
def test_terms_that_the_rules_cannot_read_are_refused_with_their_path(
    maker, director, kind, terms, field, reason
):
    with pytest.raises(Refusal) as wrong:
        drafted(maker, director, kind, terms)
    assert (wrong.value.code, wrong.value.field, wrong.value.details["reason"]) == (
        "bad_terms",
        field,
        reason,
    )
    assert not Scheme.objects.exists()


def test_terms_are_read_again_when_published(maker, director):
    scheme = drafted(maker, director)
    Scheme.objects.update(terms={"steps": "broken"})
    with refused("bad_terms", "terms.steps"):
        publish_scheme(scheme_id=scheme.id, by=director, at=NOW)


def test_a_scheme_is_the_sellers_own(maker, director):
    with refused("not_allowed", "seller"):
        drafted(a_party("dealer"), director)
    with refused("not_allowed"):
        drafted(maker, an_actor(maker, "finance"))
    drafted(maker, director)
    with refused("conflict", "code"):
        drafted(maker, director)
    with refused("not_found", "scheme"):
        publish_scheme(scheme_id=new_id(), by=director, at=NOW)


def limited(maker, director, **values):
    product = a_product()
    given = {"seller": maker, "product": product, "clause": "4.2", "floor": Decimal("9"), "action": "block"}
    return set_limit(limit=Limit(**given | values), by=director, at=NOW)


def test_a_limit_is_set_changed_and_ended(maker, director):
    limit = limited(maker, director)
    limit.ceiling = Decimal("12")
    set_limit(limit=limit, by=director, at=NOW)
    end_limit(limit_id=limit.id, on=date(2026, 7, 1), by=director, at=NOW)
    stored = Limit.objects.get()
    assert (stored.floor, stored.ceiling, stored.until) == (9, 12, date(2026, 7, 1))


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"floor": None}, "bad_limit", "floor"),
        ({"floor": Decimal(-1)}, "bad_limit", "floor"),
        ({"ceiling": Decimal(8)}, "bad_limit", "ceiling"),
        ({"action": "shout"}, "bad_limit", "action"),
        ({"clause": ""}, "bad_limit", "clause"),
        ({"contract_code": "C-404"}, "bad_limit", "contract_code"),
        ({"starts_on": date(2026, 7, 1), "until": date(2026, 7, 1)}, "bad_period", "until"),
    ],
)
def test_a_senseless_limit_is_refused(maker, director, values, code, field):
    with refused(code, field):
        limited(maker, director, **values)


def test_a_limit_may_be_for_one_contract(maker, director):
    dealer = a_party("dealer")
    a_contract(dealer, a_party("member"), code="C-1")
    assert limited(maker, director, contract_code="C-1").contract_code == "C-1"


def test_a_limit_binds_the_sellers_own_sales_only(maker, director):
    dealer = a_party("dealer")
    with refused("not_allowed", "seller"):
        limited(dealer, director)
    with refused("not_allowed", "seller"):
        theirs = limited(maker, director)
        set_limit(limit=theirs, by=an_actor(maker), at=NOW)
        theirs.seller = dealer
        set_limit(limit=theirs, by=an_actor(maker), at=NOW)
    with refused("not_found", "limit"):
        end_limit(limit_id=new_id(), on=date(2026, 7, 1), by=director, at=NOW)


def test_a_second_limit_of_one_clause_is_refused(maker, director):
    first = limited(maker, director)
    with refused("conflict", "clause"):
        limited(maker, director, product=first.product)
