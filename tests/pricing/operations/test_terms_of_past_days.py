"""A past day is answered by the versions that were in force then, whatever happened since."""

from datetime import UTC, date, datetime

import pytest

from pricing.models import PriceList, Scheme
from pricing.operations.list_copies import new_version
from pricing.operations.price_lists import set_entries, withdraw_price_list
from pricing.operations.schemes import withdraw_scheme
from pricing.queries import quote_for
from pricing.queries.why import why_price
from tests.approving import by_two
from tests.factories import a_manufacturer, a_party, a_price_list, a_product, a_scheme, an_actor
from tests.pricing.dry_running import publish_tried

pytestmark = pytest.mark.django_db


def moment(month, day):
    return datetime(2026, month, day, 4, tzinfo=UTC)


@pytest.fixture
def maker(in_acme):
    return a_manufacturer()


@pytest.fixture
def director(maker):
    return an_actor(maker)


@pytest.fixture
def dealer(maker):
    return a_party("dealer", code="D-1", parent=maker)


@pytest.fixture
def base(maker):
    return a_price_list(maker, {a_product("SOY"): "60"}, code="BASE", starts_on=date(2026, 1, 1))


def priced_on(maker, dealer, month, day):
    return quote_for(seller_id=maker.id, buyer_id=dealer.id, lines=[("SOY", 10)], on=date(2026, month, day))


def price_and_version(maker, dealer, month, day):
    priced = priced_on(maker, dealer, month, day)
    why = why_price(priced, "SOY", figures=True)
    line = priced.quote.lines[0]
    return (line.base_price, why.lists["BASE"].version) if line.is_priced else None


def next_version(base, director, price, *, at, starts_on=None):
    made = new_version(price_list_id=base.id, by=director, at=at)
    set_entries(price_list_id=made.id, entries=[{"sku": "SOY", "price": price}], by=director, at=at)
    PriceList.objects.filter(id=made.id).update(starts_on=starts_on)
    return by_two(publish_tried, price_list_id=made.id, by=director, at=at)


def test_a_withdrawn_list_still_explains_the_days_before(maker, dealer, director, base):
    withdraw_price_list(price_list_id=base.id, by=director, at=moment(3, 10))
    assert price_and_version(maker, dealer, 3, 9) == (60, 1)
    assert price_and_version(maker, dealer, 3, 10) is None
    assert price_and_version(maker, dealer, 12, 30) is None


def test_a_new_version_leaves_the_past_to_the_old_one(maker, dealer, director, base):
    next_version(base, director, "62", at=moment(3, 10))
    assert price_and_version(maker, dealer, 3, 9) == (60, 1)
    assert price_and_version(maker, dealer, 3, 10) == (62, 2)


def test_a_version_published_with_an_earlier_first_day_does_not_rewrite_what_was_in_force(
    maker, dealer, director, base
):
    next_version(base, director, "62", at=moment(3, 10), starts_on=date(2026, 2, 1))
    assert price_and_version(maker, dealer, 2, 15) == (60, 1)
    assert price_and_version(maker, dealer, 3, 10) == (62, 2)
    stored = PriceList.objects.get(id=base.id)
    assert (stored.until, stored.ended_on) == (date(2026, 2, 1), date(2026, 3, 10))


def test_a_version_replaced_before_its_first_day_was_never_in_force(maker, dealer, director, base):
    planned = next_version(base, director, "70", at=moment(3, 1), starts_on=date(2026, 6, 1))
    next_version(base, director, "65", at=moment(4, 1), starts_on=date(2026, 5, 1))
    assert price_and_version(maker, dealer, 4, 30) == (60, 1)
    assert price_and_version(maker, dealer, 6, 2) == (65, 3)
    planned.refresh_from_db()
    assert planned.state == PriceList.State.WITHDRAWN


def test_a_list_that_ended_by_itself_does_not_last_longer_for_being_withdrawn(maker, dealer, director, base):
    PriceList.objects.filter(id=base.id).update(until=date(2026, 2, 1))
    withdraw_price_list(price_list_id=base.id, by=director, at=moment(3, 10))
    assert price_and_version(maker, dealer, 1, 31) == (60, 1)
    assert price_and_version(maker, dealer, 2, 1) is None


def test_a_withdrawn_scheme_still_explains_the_days_before(maker, dealer, director, base):
    terms = {"skus": ["SOY"], "price": "55"}
    scheme = a_scheme(maker, Scheme.Kind.SPECIAL_PRICE, terms, code="SPRING", name="Spring")
    withdraw_scheme(scheme_id=scheme.id, by=director, at=moment(4, 1))
    then = priced_on(maker, dealer, 3, 31)
    assert then.quote.lines[0].unit_price == 55
    assert why_price(then, "SOY", figures=True).names["SPRING"].name == "Spring"
    assert priced_on(maker, dealer, 4, 1).quote.lines[0].unit_price == 60
