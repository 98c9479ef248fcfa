"""Why a price, and the price book, by API: whose eyes see what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from alliance.models import SpreadTerm
from catalogue.models import Category, Product
from pricing.models import Limit
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_contract, a_manufacturer, a_party, a_price_list, a_product, a_scheme, in_force

pytestmark = pytest.mark.django_db


class World:
    def __init__(self, tenant):
        self.tenant = tenant
        with tenant_active(tenant):
            self.maker = a_manufacturer()
            self.dealer = a_party("dealer", code="D-1", parent=self.maker)
            self.member = a_party("member", code="M-1", parent=self.dealer)
            self.soy, self.oil = a_product("SOY", name="生抽"), a_product("OIL")
            self.contract = a_contract(self.dealer, self.member, code="C-1", state="draft")
            SpreadTerm.objects.create(
                contract=self.contract,
                product=self.soy,
                clause="3.2",
                guaranteed="8",
                advised_resale="80",
            )
            in_force(self.contract)
            a_price_list(self.maker, {self.soy: "60", self.oil: "20"}, code="BASE", name="Base")
            a_price_list(self.dealer, [(self.soy, "70", 0), (self.soy, "68", 24)], code="MEMBERS")
            a_scheme(self.dealer, "special_price", {"skus": ["SOY"], "price": "69"}, code="SPECIAL")
            Limit.objects.create(
                seller=self.dealer,
                product=self.soy,
                clause="own",
                floor="69.5",
                ceiling="90",
                action="advise",
            )

    def api(self, party):
        return ApiClient(self.tenant, party, "director" if party.kind == "manufacturer" else "owner")


@pytest.fixture
def world(acme):
    return World(acme)


def test_a_member_reads_why_without_the_figures_of_its_supplier(world):
    answer = world.api(world.member).get("prices/why?sku=SOY").json()
    assert (answer["seller"]["code"], answer["base_price"], answer["unit_price"]) == ("D-1", "70", "69")
    assert [(one["price_list"], one["version"], one["wins"]) for one in answer["considered"]] == [
        ("MEMBERS", 1, True),
        ("MEMBERS", 1, False),
    ]
    assert [(one["code"], one["applied"], one["saved"]) for one in answer["schemes"]] == [
        ("SPECIAL", True, "1.00")
    ]
    assert [(one["kind"], one["action"], one["met"], one["figure"]) for one in answer["limits"]] == [
        ("floor", "advise", False, None),
        ("ceiling", "advise", True, None),
    ]
    spread = answer["spread"]
    assert (spread["clause"], Decimal(spread["spread"]), spread["met"]) == ("3.2", 11, True)


def test_the_seller_reads_the_figures_of_its_own_limits(world):
    limits = world.api(world.dealer).get("prices/why?sku=SOY&buyer=M-1").json()["limits"]
    assert [Decimal(one["figure"]) for one in limits] == [Decimal("69.5"), 90]


def test_only_the_sellers_people_look_ahead(world):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with tenant_active(world.tenant):
        a_price_list(
            world.dealer, {world.soy: "75"}, code="NEXT", audience=("party", "M-1"), starts_on=tomorrow
        )
    path = f"prices/why?sku=SOY&buyer=M-1&on={tomorrow}"
    assert world.api(world.dealer).get(path).json()["price_list"] == "NEXT"
    refused = world.api(world.member).get(path)
    assert (refused.status_code, refused.json()["code"]) == (422, "day_ahead")
    assert world.api(world.member).get(f"price-book?on={tomorrow}").json()["code"] == "day_ahead"


@pytest.mark.parametrize("path", ["prices/why?sku=SOY&buyer=D-1", "price-book?buyer=D-1"])
def test_a_member_reads_nothing_of_its_supplier(world, path):
    assert world.api(world.member).get(path).status_code == 404


def test_wrong_questions_are_refused_with_their_field(world):
    api = world.api(world.dealer)
    assert api.get("prices/why?sku=NONE").json()["field"] == "sku"
    assert api.get("prices/why?sku=SOY&quantity=3").status_code == 400
    assert api.get("price-book?category=").status_code == 400


def test_a_product_without_a_price_says_so(world):
    answer = world.api(world.member).get("prices/why?sku=OIL").json()
    assert (answer["verdict"], answer["base_price"], answer["limits"], answer["spread"]) == (
        "no_price",
        None,
        [],
        None,
    )


def test_the_book_has_breaks_schemes_and_pages(world):
    book = world.api(world.member).get("price-book").json()["results"]
    assert [(one["sku"], one["schemes"], one["unavailable"]) for one in book] == [("SOY", ["SPECIAL"], None)]
    assert [(one["from_qty"], Decimal(one["unit_price"])) for one in book[0]["breaks"]] == [(1, 69), (24, 68)]
    first = world.api(world.dealer).get("price-book?page_size=1").json()
    assert len(first["results"]) == 1
    assert first["next"]


def test_the_book_is_narrowed_by_category_and_words(world):
    with tenant_active(world.tenant):
        Product.objects.filter(id=world.oil.id).update(
            category=Category.objects.create(code="OILS", name="油")
        )
    api = world.api(world.dealer)
    assert [one["sku"] for one in api.get("price-book?category=OILS").json()["results"]] == ["OIL"]
    assert api.get("price-book?search=nothing").json()["results"] == []


def test_what_a_buyer_cannot_order_is_not_in_its_book(world):
    with tenant_active(world.tenant):
        Product.objects.filter(id=world.soy.id).update(stage="ended")
    assert world.api(world.member).get("price-book").json()["results"] == []
