from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.rights import MANUFACTURER, Actor, the_system
from audit.models import AuditEntry
from catalogue.models import Product
from pricing.models import PriceEntry, PriceList
from pricing.operations.entries import InvalidRows, read_entries
from pricing.operations.list_copies import new_version
from pricing.operations.price_lists import (
    draft_price_list,
    edit_price_list,
    publish_price_list,
    set_entries,
    withdraw_price_list,
)
from pricing.queries import quote_for
from tests.approving import by_two
from tests.factories import a_manufacturer, a_party, a_price_list, a_product, a_tag, an_actor
from tests.pricing.dry_running import publish_tried
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = date(2026, 6, 1)


@pytest.fixture
def maker(in_acme):
    return a_manufacturer()


@pytest.fixture
def director(maker):
    return an_actor(maker)


@pytest.fixture
def soy(in_acme):
    return a_product("SOY")


def drafted(maker, director, *rows, **values):
    made = PriceList(seller=maker, **{"code": "BASE", "audience_kind": "everyone"} | values)
    rows = rows or ({"sku": "SOY", "price": "60"},)
    return draft_price_list(price_list=made, entries=rows, by=director, at=NOW)


def published(maker, director, *rows, **values):
    made = drafted(maker, director, *rows, **values)
    return by_two(publish_tried, price_list_id=made.id, by=director, at=NOW)


def price_on(maker, dealer, on):
    quote = quote_for(seller_id=maker.id, buyer_id=dealer.id, lines=[("SOY", 1)], on=on).quote
    return quote.lines[0].base_price if quote.verdict != "no_price" else None


def test_a_draft_prices_nothing_until_it_is_published(maker, director, soy):
    dealer = a_party("dealer")
    made = drafted(maker, director)
    assert price_on(maker, dealer, TODAY) is None
    by_two(publish_tried, price_list_id=made.id, by=director, at=NOW)
    assert price_on(maker, dealer, TODAY) == 60
    withdraw_price_list(price_list_id=made.id, by=director, at=NOW)
    assert price_on(maker, dealer, TODAY) is None
    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == [
        "price_list.draft",
        "price_list.dry_run",
        "approval.request",
        "approval.approve",
        "price_list.publish",
        "price_list.withdraw",
    ]


def test_rows_become_entries(maker, director, soy):
    rows = [
        {"sku": "SOY", "price": "100", "per": "24"},
        {"sku": "SOY", "price": Decimal("96.5"), "per": 24, "min_qty": 240},
    ]
    made = drafted(maker, director, *rows)
    entries = made.entries.order_by("min_qty").values_list("price", "per", "min_qty")
    assert list(entries) == [(100, 24, 0), (Decimal("96.5"), 24, 240)]


def test_every_bad_row_is_named_with_its_field_and_nothing_is_kept(maker, director, soy):
    rows = [
        {"sku": "SOY", "price": "60"},
        {"sku": "NOPE", "price": "1"},
        {"sku": "SOY", "price": "abc", "per": 0},
        {"sku": "SOY", "price": 1.5},
        {"sku": "SOY", "price": "-1", "min_qty": "1.5"},
        {"sku": "SOY", "price": "1.23456"},
        {"price": "1", "colour": "red"},
        {"sku": "SOY", "price": "70"},
        {"sku": "SOY", "price": "99999999999", "min_qty": 2},
        "SOY",
    ]
    with pytest.raises(InvalidRows) as wrong:
        drafted(maker, director, *rows)
    told = {(error["field"], error["code"]) for error in wrong.value.details["errors"]}
    assert told == {
        ("entries[1].sku", "unknown_product"),
        ("entries[2].price", "not_a_number"),
        ("entries[2].per", "zero"),
        ("entries[3].price", "json_float"),
        ("entries[4].price", "negative"),
        ("entries[4].min_qty", "not_whole"),
        ("entries[5].price", "too_many_places"),
        ("entries[6].sku", "missing"),
        ("entries[6].colour", "unknown_key"),
        ("entries[7].min_qty", "duplicate"),
        ("entries[8].price", "too_large"),
        ("entries[9]", "not_an_object"),
    }
    assert not PriceList.objects.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.dictionaries(
            st.sampled_from(["sku", "price", "per", "min_qty", "x"]),
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.sampled_from(["SOY", "1", "1.5", ""]),
        ),
        max_size=5,
    )
)
def test_any_rows_are_taken_or_refused_by_name(soy, rows):
    named: set[str] | None = None
    try:
        entries, products = read_entries(rows)
    except InvalidRows as wrong:
        named = {error["field"] for error in wrong.details["errors"]}
    if named is None:
        assert len(entries) == len(rows)
        assert all(entry.sku in products and entry.price >= 0 and entry.per >= 1 for entry in entries)
    else:
        assert all(field.startswith("entries[") for field in named)


def test_a_published_lists_prices_are_never_edited(maker, director, soy):
    made = published(maker, director)
    with refused("wrong_state"):
        set_entries(price_list_id=made.id, entries=[{"sku": "SOY", "price": "1"}], by=director, at=NOW)
    with refused("wrong_state"):
        edit_price_list(price_list=made, by=director, at=NOW)
    for change in (lambda: PriceEntry.objects.update(price=1), lambda: PriceEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert PriceEntry.objects.get().price == 60


def test_a_drafts_prices_may_change(maker, director, soy):
    made = drafted(maker, director)
    rows = [{"sku": "SOY", "price": "58"}, {"sku": "SOY", "price": "55", "min_qty": 100}]
    assert set_entries(price_list_id=made.id, entries=rows, by=director, at=NOW) == 2
    assert sorted(made.entries.values_list("price", flat=True)) == [55, 58]
    made.name, made.priority = "Basis", 3
    edit_price_list(price_list=made, by=director, at=NOW)
    assert PriceList.objects.values_list("name", "priority").get() == ("Basis", 3)


def test_an_edit_changes_neither_the_code_nor_the_state(maker, director, soy):
    made = drafted(maker, director)
    made.code, made.state, made.version = "OTHER", "published", 9
    edit_price_list(price_list=made, by=director, at=NOW)
    assert PriceList.objects.values_list("code", "state", "version").get() == ("BASE", "draft", 1)


def test_a_new_version_takes_over_the_day_it_begins(maker, director, soy):
    dealer = a_party("dealer")
    first = published(maker, director, starts_on=date(2026, 1, 1))
    second = new_version(price_list_id=first.id, by=director, at=NOW)
    assert (second.version, second.entries.get().price) == (2, 60)
    set_entries(price_list_id=second.id, entries=[{"sku": "SOY", "price": "66"}], by=director, at=NOW)
    second.starts_on = date(2026, 7, 1)
    edit_price_list(price_list=second, by=director, at=NOW)
    by_two(publish_tried, price_list_id=second.id, by=director, at=NOW)
    assert price_on(maker, dealer, date(2026, 6, 30)) == 60
    assert price_on(maker, dealer, date(2026, 7, 1)) == 66


def test_a_version_without_a_first_day_begins_today(maker, director, soy):
    dealer = a_party("dealer")
    first = published(maker, director, starts_on=date(2026, 1, 1))
    second = new_version(price_list_id=first.id, by=director, at=NOW)
    by_two(publish_tried, price_list_id=second.id, by=director, at=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.until, second.starts_on, first.state) == (TODAY, TODAY, "published")
    assert price_on(maker, dealer, date(2026, 5, 31)) == price_on(maker, dealer, TODAY) == 60


def test_a_version_that_never_began_is_withdrawn(maker, director, soy):
    first = published(maker, director, starts_on=date(2026, 9, 1))
    second = new_version(price_list_id=first.id, by=director, at=NOW)
    by_two(publish_tried, price_list_id=second.id, by=director, at=NOW)
    first.refresh_from_db()
    assert first.state == "withdrawn"


def test_only_one_version_can_be_in_force_on_a_day(maker, soy):
    a_price_list(maker, {soy: 1}, code="A")
    with pytest.raises(DatabaseError, match="price_list_one_version"), transaction.atomic():
        a_price_list(maker, {soy: 1}, code="A", version=2)


def test_a_second_draft_of_one_list_is_refused(maker, director, soy):
    first = published(maker, director)
    new_version(price_list_id=first.id, by=director, at=NOW)
    with refused("wrong_state"):
        new_version(price_list_id=first.id, by=director, at=NOW)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"audience_kind": "region", "audience_value": "99"}, "bad_audience", "audience_value"),
        ({"audience_kind": "tag", "audience_value": "nope"}, "bad_audience", "audience_value"),
        ({"audience_kind": "level", "audience_value": ""}, "bad_audience", "audience_value"),
        ({"audience_kind": "level", "audience_value": "king"}, "bad_audience", "audience_value"),
        ({"audience_kind": "moon", "audience_value": "x"}, "bad_audience", "audience_kind"),
        ({"audience_value": "x"}, "bad_audience", "audience_value"),
        ({"starts_on": TODAY, "until": TODAY}, "bad_period", "until"),
    ],
)
def test_a_senseless_list_is_refused(maker, director, soy, values, code, field):
    with refused(code, field):
        drafted(maker, director, **values)


def test_audiences_that_exist_are_taken(maker, director, soy):
    dealer = a_party("dealer", code="D-1")
    a_tag(dealer, "town")
    audiences = [("region", "44"), ("party", "D-1"), ("tag", "town"), ("level", "member")]
    for number, (kind, value) in enumerate(audiences):
        drafted(maker, director, code=f"L{number}", audience_kind=kind, audience_value=value)
    assert PriceList.objects.count() == 4


def test_the_code_is_the_sellers_own(maker, director, soy):
    drafted(maker, director)
    with refused("conflict", "code"):
        drafted(maker, director)


def test_an_empty_list_is_not_published(maker, director, soy):
    made = PriceList(seller=maker, code="E", audience_kind="everyone")
    draft_price_list(price_list=made, by=director, at=NOW)
    with refused("empty", "entries"):
        publish_price_list(price_list_id=made.id, by=director, at=NOW)


@pytest.mark.parametrize("role", ["finance", "sales_rep", "warehouse", ""])
def test_only_who_may_edit_prices_does(maker, soy, role):
    with refused("not_allowed"):
        drafted(maker, Actor(maker.id, MANUFACTURER, role))


def test_a_manufacturer_sets_no_dealers_price_but_the_platform_may_write_it_down(maker, director, soy):
    dealer = a_party("dealer")
    with refused("not_allowed", "seller"):
        drafted(dealer, director)
    theirs = drafted(dealer, the_system())
    with refused("not_allowed", "seller"):
        publish_price_list(price_list_id=theirs.id, by=director, at=NOW)
    publish_price_list(price_list_id=theirs.id, by=the_system(), at=NOW)


def test_who_sees_which_lists(maker, soy):
    dealer, other = a_party("dealer"), a_party("dealer")
    a_price_list(maker, {soy: 1}, code="M")
    a_price_list(dealer, {soy: 1}, code="D")
    a_price_list(other, {soy: 1}, code="O")

    def seen(actor):
        return sorted(PriceList.objects.visible_to(actor).values_list("code", flat=True))

    assert seen(an_actor(maker)) == ["D", "M", "O"]
    assert seen(an_actor(dealer)) == ["D", "M"]
    assert seen(an_actor(dealer, "warehouse")) == []
    assert seen(an_actor(maker, "supervisor")) == []


def test_three_hundred_rows_take_as_many_statements_as_five(maker, director):
    Product.objects.bulk_create(Product(sku=f"S{n}", name="x") for n in range(300))
    asked = []
    for size in (5, 300):
        rows = [{"sku": f"S{n}", "price": "1"} for n in range(size)]
        with CaptureQueriesContext(connection) as statements:
            drafted(maker, director, *rows, code=f"L{size}")
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 7
