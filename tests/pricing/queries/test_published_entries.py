"""The entries of published lists are stored in the process and stay true."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from catalogue.models import Product
from pricing.models import PriceEntry, PriceList
from pricing.queries import published_entries, quote_for
from tests.factories import a_manufacturer, a_party, a_price_list, a_product

TODAY = timezone.localdate


@pytest.fixture
def pair(in_acme):
    return a_manufacturer(), a_party("dealer")


def price(pair, sku="SOY"):
    maker, dealer = pair
    found = quote_for(seller_id=maker.id, buyer_id=dealer.id, lines=[(sku, 1)], on=TODAY())
    return None if found.quote.verdict == "no_price" else found.quote.lines[0].base_price


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_second_quote_needs_one_statement_less(pair, django_assert_num_queries):
    a_price_list(pair[0], {a_product("SOY"): "60"})
    with django_assert_num_queries(6):
        assert price(pair) == 60
    with django_assert_num_queries(5):
        assert price(pair) == 60


def test_another_product_of_a_stored_list_is_read(pair):
    a_price_list(pair[0], {a_product("SOY"): "60", a_product("OIL"): "70"})
    assert (price(pair), price(pair, "OIL"), price(pair)) == (60, 70, 60)


def test_a_product_without_a_price_is_stored_too(pair, django_assert_num_queries):
    a_price_list(pair[0], {a_product("SOY"): "60"})
    a_product("OIL")
    assert price(pair, "OIL") is None
    with django_assert_num_queries(5):
        assert price(pair, "OIL") is None


def test_a_published_list_takes_no_new_entry(pair):
    made = a_price_list(pair[0], {a_product("SOY"): "60"})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        PriceEntry.objects.create(price_list=made, product=a_product("OIL"), price=1)


def test_a_publication_that_was_rolled_back_is_not_remembered(pair):
    soy = a_product("SOY")
    draft = a_price_list(pair[0], {soy: "60"}, state=PriceList.State.DRAFT)
    with rolled_back():
        PriceList.objects.update(state=PriceList.State.PUBLISHED)
        assert price(pair) == 60
    PriceEntry.objects.filter(price_list=draft).update(price=55)
    PriceList.objects.update(state=PriceList.State.PUBLISHED)
    assert price(pair) == 55


def test_a_withdrawn_list_is_out_of_force_at_once(pair):
    a_price_list(pair[0], {a_product("SOY"): "60"})
    assert price(pair) == 60
    PriceList.objects.update(state=PriceList.State.WITHDRAWN)
    assert price(pair) is None


def test_a_renamed_product_has_its_price(pair):
    a_price_list(pair[0], {a_product("SOY"): "60"})
    assert price(pair) == 60
    Product.objects.update(sku="SOYA")
    assert price(pair, "SOYA") == 60


def test_the_oldest_lists_make_room(pair, monkeypatch):
    monkeypatch.setattr(published_entries, "_stored", {})
    monkeypatch.setattr(published_entries, "MAX_STORED", 2)
    products = [a_product(sku) for sku in ("SOY", "OIL", "TEA")]
    for number, product in enumerate(products):
        a_price_list(pair[0], {product: Decimal(10 + number)}, priority=number)
    for number, product in enumerate(products * 2):
        assert price(pair, product.sku) == 10 + number % 3
        assert sum(map(len, published_entries._stored.values())) <= 2
