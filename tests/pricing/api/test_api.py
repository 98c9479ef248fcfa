import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalogue.models import Product
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_contract, a_manufacturer, a_party, a_price_list, a_product, a_scheme

pytestmark = pytest.mark.django_db
ON = "2026-06-01"


class World:
    def __init__(self, tenant):
        self.tenant = tenant
        with tenant_active(tenant):
            self.maker = a_manufacturer()
            self.dealer = a_party("dealer", code="D-1", parent=self.maker)
            self.rival = a_party("dealer", code="D-2", parent=self.maker)
            self.member = a_party("member", code="M-1", parent=self.dealer)
            self.soy = a_product("SOY", name="生抽")
            a_contract(self.dealer, self.member, code="C-1")
            self.list = a_price_list(self.maker, {self.soy: "60"}, code="BASE")
            a_price_list(self.maker, {self.soy: "58"}, code="D2", audience=("party", "D-2"))
            a_price_list(self.dealer, {self.soy: "70"}, code="MEMBERS")
            a_scheme(self.maker, "step", {"steps": [{"from": "600", "percent_off": "0.1"}]}, code="STEP")

    def api(self, party, role=None):
        return ApiClient(
            self.tenant, party, role or ("director" if party.kind == "manufacturer" else "owner")
        )


@pytest.fixture
def world(acme):
    return World(acme)


def asked(**values):
    return {"buyer": "D-1", "on": ON, "lines": [{"sku": "SOY", "qty": 12}]} | values


def test_a_dealer_gets_its_quote_with_the_reasons(world):
    answer = world.api(world.dealer).post("quotes", asked()).json()
    assert (answer["subtotal"], answer["discount"], answer["total"]) == ("720.00", "72.00", "648.00")
    assert answer["lines"][0]["schemes"] == ["STEP"]
    assert answer["explanation"]["prices"][0]["considered"][0]["reason"] == "wins"
    assert (answer["seller"]["code"], answer["buyer"]["code"], answer["contract"], answer["on"]) == (
        world.maker.code,
        "D-1",
        None,
        ON,
    )


def test_without_a_buyer_the_keys_party_buys_from_its_supplier(world):
    answer = world.api(world.member).post("quotes", {"on": ON, "lines": [{"sku": "SOY", "qty": "1"}]}).json()
    assert (answer["seller"]["code"], answer["total"], answer["contract"]) == ("D-1", "70.00", "C-1")


def test_parties_may_be_named_by_id(world):
    body = asked(buyer=str(world.dealer.id), seller=str(world.maker.id))
    assert world.api(world.maker).post("quotes", body).json()["total"] == "648.00"


@pytest.mark.parametrize(
    ("who", "buyer", "seller", "status"),
    [
        ("maker", "D-2", None, 200),
        ("maker", "M-1", "D-1", 200),
        ("dealer", "D-1", None, 200),
        ("dealer", "M-1", None, 200),
        ("dealer", "M-1", "D-1", 200),
        ("dealer", "D-2", None, 404),
        ("dealer", "D-1", "D-2", 404),
        ("dealer", "M-1", "M-1", 404),
        ("rival", "M-1", None, 404),
        ("rival", "D-1", None, 404),
        ("member", "M-1", "D-1", 200),
        ("member", "D-1", None, 404),
        ("member", "M-1", "D-2", 404),
        ("maker", "X-9", None, 404),
    ],
)
def test_a_partner_asks_for_what_it_buys_and_what_it_sells(world, who, buyer, seller, status):
    answer = world.api(getattr(world, who)).post("quotes", asked(buyer=buyer, seller=seller))
    assert answer.status_code == status


def test_the_manufacturer_names_the_buyer(world):
    answer = world.api(world.maker).get("prices", {"sku": ["SOY"]})
    assert (answer.status_code, answer.json()["field"]) == (422, "buyer")


def test_a_dealer_may_not_ask_what_the_manufacturer_would_charge_its_member(world):
    body = asked(buyer="M-1", seller=str(world.maker.id))
    assert world.api(world.dealer).post("quotes", body).status_code == 404
    assert world.api(world.maker).post("quotes", body).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (asked(lines=[{"sku": "SOY", "qty": 1}, {"sku": "NOPE", "qty": 1}]), 422, "lines[1].sku"),
        (asked(lines=[{"sku": "SOY", "qty": 1}] * 2), 422, "lines[1].sku"),
        (asked(lines=[{"sku": "SOY", "qty": 1}, {"sku": "SOY", "qty": 0}]), 400, "lines[1].qty"),
        (asked(lines=[{"sku": "SOY", "qty": "many"}]), 400, "lines[0].qty"),
        (asked(lines=[{"sku": "SOY\x00", "qty": 1}]), 422, "lines[0].sku"),
        (asked(lines=[{"sku": "SOY", "qty": 10**30}]), 400, "lines[0].qty"),
        (asked(lines=[]), 400, "lines.non_field_errors"),
        (asked(on="June"), 400, "on"),
        (asked(contract="00000000-0000-0000-0000-000000000000"), 422, "contract"),
        ({}, 400, "lines"),
    ],
)
def test_a_bad_quote_names_the_field(world, body, status, field):
    answer = world.api(world.dealer).post("quotes", body)
    problem = answer.json()
    assert answer.status_code == status
    named = [problem.get("field", ""), *(one["field"] for one in problem.get("errors", []))]
    assert field in [re.sub(r"\.(\d+)", r"[\1]", one) for one in named]


def test_a_partner_asks_for_no_day_to_come(world, monkeypatch):
    """Else a published rise could be read ahead. Today is the tenant's: Shanghai is ahead of UTC."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 6, 1, 17, tzinfo=UTC))
    today, tomorrow = "2026-06-02", "2026-06-03"
    for who, day, status in (
        (world.dealer, today, 200),
        (world.dealer, tomorrow, 422),
        (world.maker, tomorrow, 200),
    ):
        query = {"sku": "SOY", "buyer": "D-1", "on": day}
        for answer in (world.api(who).post("quotes", asked(on=day)), world.api(who).get("prices", query)):
            assert answer.status_code == status
            if status == 422:
                assert (answer.json()["field"], answer.json()["code"]) == ("on", "day_ahead")
                assert today in answer.json()["detail"]


def test_who_may_not_see_prices_gets_none(world):
    warehouse = world.api(world.dealer, "warehouse")
    for answer in (
        warehouse.post("quotes", asked()),
        warehouse.get("prices", {"sku": "SOY"}),
        warehouse.get("price-lists"),
        warehouse.get(f"price-lists/{world.list.id}/entries"),
    ):
        assert answer.status_code == 403


def test_another_tenants_key_finds_neither_party_nor_list(world, bolt):
    with tenant_active(bolt):
        stranger = ApiClient(bolt, a_manufacturer(), "director")
    assert stranger.post("quotes", asked(buyer=str(world.dealer.id))).status_code == 404
    assert stranger.get("price-lists").json()["results"] == []
    assert stranger.get(f"price-lists/{world.list.id}").status_code == 404
    assert stranger.get(f"price-lists/{world.list.id}/entries").json()["results"] == []


def test_prices_say_why(world):
    answer = world.api(world.rival).get("prices", {"sku": ["SOY"], "on": ON}).json()
    price = answer["prices"][0]
    assert (price["sku"], price["name"], price["unit_price"], price["price_list"]) == (
        "SOY",
        "生抽",
        "58",
        "D2",
    )
    assert [(one["price_list"], one["reason"]) for one in price["considered"]] == [
        ("D2", "wins"),
        ("BASE", "lower_audience"),
    ]


def test_a_sku_without_a_price_says_so_and_an_unknown_one_is_refused(world):
    with tenant_active(world.tenant):
        a_product("NEW")
    api = world.api(world.dealer)
    assert api.get("prices", {"sku": ["NEW"]}).json()["prices"][0]["unit_price"] is None
    problem = api.get("prices", {"sku": ["SOY", "NOPE"]}).json()
    assert (problem["status"], problem["field"]) == (422, "sku[1]")
    assert api.get("prices").status_code == 400
    assert api.get("prices", {"sku": [f"S{n}" for n in range(501)]}).status_code == 400


def test_lists_and_entries_are_those_of_the_own_sales_and_purchases(world):
    def codes(api):
        return sorted(one["code"] for one in api.get("price-lists").json()["results"])

    assert codes(world.api(world.maker)) == ["BASE", "D2", "MEMBERS"]
    assert codes(world.api(world.dealer)) == ["BASE", "MEMBERS"]
    assert codes(world.api(world.member)) == ["MEMBERS"]
    entries = f"price-lists/{world.list.id}/entries"
    assert world.api(world.maker).get(entries).json()["results"][0]["price"] == "60.0000"
    assert world.api(world.dealer).get(entries).json()["results"][0]["price"] == "60.0000"
    assert world.api(world.member).get(entries).json()["results"] == []
    assert world.api(world.member).get(f"price-lists/{world.list.id}").status_code == 404


def test_lists_can_be_narrowed(world):
    api = world.api(world.maker)
    with tenant_active(world.tenant):
        a_price_list(world.maker, {world.soy: 1}, code="OLD", until=date(2026, 1, 1))

    def codes(**query):
        return sorted(one["code"] for one in api.get("price-lists", query).json()["results"])

    assert codes(on=ON) == ["BASE", "D2", "MEMBERS"]
    assert codes(seller=str(world.dealer.id)) == ["MEMBERS"]
    assert codes(audience_kind="party", audience_value="D-2") == ["D2"]
    assert codes(code="OLD") == ["OLD"]


def test_three_hundred_lines_take_as_many_statements_as_five(world):
    with tenant_active(world.tenant):
        products = [Product(sku=f"S{n}", name="x") for n in range(300)]
        Product.objects.bulk_create(products)
        a_price_list(world.maker, dict.fromkeys(products, 1))
    api, taken = world.api(world.dealer), []
    api.post("quotes", asked())
    for size in (5, 300):
        with CaptureQueriesContext(connection) as statements:
            answer = api.post("quotes", asked(lines=[{"sku": f"S{n}", "qty": 1} for n in range(size)]))
        assert answer.json()["subtotal"] == f"{size}.00"
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 16
