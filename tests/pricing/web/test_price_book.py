"""The price book page: a buyer's own prices, those of one's customers, and what nobody else may see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from catalogue.models import Category, Product, Unit
from portal.queries.member_account import mine_facts
from tests.factories import a_contract, a_party, a_price_list, a_scheme, an_actor
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    found = Scene(acme)
    with found.inside():
        seller, buyer = found.trade.seller, found.trade.buyer
        found.product = found.trade.products[0]
        Unit.objects.create(product=found.product, name="箱", factor=12)
        a_price_list(
            seller, {found.product: "4.5"}, code="MINE", name="Core list", audience=("party", buyer.code)
        )
        terms = {"skus": [found.product.sku], "buy": 8, "free": 1, "mode": "unit"}
        a_scheme(seller, "free_goods", terms, code="EIGHT", name="Eight and one")
        found.member = a_party("member", code="M-9", parent=buyer)
        a_contract(buyer, found.member, code="C-9")
        a_price_list(buyer, {found.product: "5.5"}, code="MEMBERS")
    return found


def book_of(client, party=None, **query):
    url = reverse("price-book-of", args=[party.id]) if party else reverse("price-book")
    return client.get(url, query)


def row_of(page, sku):
    return next(line.row for line in page.context["list"].lines if line.row.sku == sku)


def test_a_dealer_reads_its_prices_with_list_schemes_and_case_price(scene):
    page = book_of(scene.buyer)
    row = row_of(page, scene.product.sku)
    assert (f"{row.price:.2f}", row.in_units, row.list_name) == ("4.50", "54.00 / case", "Core list")
    assert row.schemes == "Eight and one"
    assert "My prices" in text_of(page)


def test_a_row_opens_the_reasons_of_its_price(scene):
    page = book_of(scene.buyer)
    line = next(one for one in page.context["list"].lines if one.row.sku == scene.product.sku)
    why = scene.buyer.get(line.href)
    assert why.status_code == 200
    assert "Core list" in text_of(why)


def test_the_seller_reads_the_book_of_its_customer_and_looks_ahead(scene):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with scene.inside():
        a_price_list(
            scene.trade.buyer,
            {scene.product: "6"},
            code="NEXT",
            audience=("party", "M-9"),
            starts_on=tomorrow,
        )
    page = book_of(scene.buyer, scene.member, on=tomorrow.isoformat())
    assert row_of(page, scene.product.sku).price == 6
    assert "Price book" in text_of(page)
    member = scene.as_("owner", scene.member)
    assert f"{row_of(book_of(member, on=tomorrow.isoformat()), scene.product.sku).price:.2f}" == "5.50"


@pytest.mark.parametrize("who", ["other", "member"])
def test_nobody_opens_the_book_of_a_third_party(scene, who):
    client = scene.other if who == "other" else scene.as_("owner", scene.member)
    assert book_of(client, scene.trade.buyer).status_code == 404


def test_the_book_is_searched_and_narrowed_to_a_category(scene):
    with scene.inside():
        sauces, others = (Category.objects.create(code=code, name=code) for code in ("SAUCE", "OTHER"))
        Product.objects.filter(id=scene.product.id).update(category=sauces)
    page = book_of(scene.buyer, category=str(sauces.id))
    assert [line.row.sku for line in page.context["list"].lines] == [scene.product.sku]
    assert not book_of(scene.buyer, category=str(others.id)).context["list"].lines
    labels = [str(label) for label, _url, _here in page.context["list"].tab_links]
    assert labels == ["All", "OTHER", "SAUCE"]


def test_an_unreadable_day_is_named_and_prices_nothing(scene):
    page = book_of(scene.buyer, on="31.02.2026x")
    assert page.status_code == 200
    assert not page.context["list"].lines


def test_buyers_are_listed_for_staff_and_for_the_dealer(scene):
    url = reverse("price-book-buyers")
    for_staff = {line.row.code for line in scene.director.get(url).context["list"].lines}
    assert {"M-9", scene.trade.buyer.code} <= for_staff
    for_dealer = [line.row.code for line in scene.buyer.get(url).context["list"].lines]
    assert for_dealer == ["M-9"]
    assert scene.buyer.get(url, {"q": "M-9"}).status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_products(scene, django_assert_max_num_queries):
    book_of(scene.buyer)
    with django_assert_max_num_queries(32):
        book_of(scene.buyer)


def test_a_member_reaches_its_prices_trials_and_ideas_from_its_account(scene):
    with scene.inside(), translation.override("en"):
        labels = {str(way.label) for way in mine_facts(an_actor(scene.member, "owner"))["trade"]}
    assert {"My prices", "Price enquiry", "Trials", "Product ideas"} <= labels
