"""Price lists and schemes speak of last days and of names, where days and codes are stored half-open."""

from datetime import date

import pytest
from django.db import IntegrityError

from catalogue.models import Product
from dealers.models import Tier
from pricing.models import PriceList
from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_price_list, a_product, a_scheme
from tests.people import a_member_of, a_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(acme):
    with tenant_active(acme):
        a_product("SOY")
        return a_manufacturer()


@pytest.fixture
def director(acme, maker):
    return signed_in(a_member_of(acme, user=a_user(language="en")))


def draft(**changed):
    return {
        "code": "SUMMER",
        "name": "",
        "audience_kind": "everyone",
        "audience_value": "",
        "priority": "0",
        "starts_on": "2026-06-01",
        "until": "2026-06-30",
        "entries": "SOY 12.50",
    } | changed


def test_the_last_day_of_a_price_list_is_typed_and_shown_and_the_next_day_stored(acme, maker, director):
    page = director.post("/price-lists/new", draft(), follow=True)
    with tenant_active(acme):
        made = PriceList.objects.get(code="SUMMER")
    assert made.until == date(2026, 7, 1)
    assert "2026-06-01 – 2026-06-30" in page.content.decode()
    form = director.get(f"/price-lists/{made.id}/edit").content.decode()
    assert 'value="2026-06-30"' in form
    assert "Valid through" in form


def test_the_admin_shows_and_reads_the_last_day(acme, maker, director):
    with tenant_active(acme):
        row = a_scheme(maker, "special_price", {"skus": ["SOY"], "price": "5"}, until=date(2026, 7, 1))
    listed = director.get("/admin/pricing/scheme/").content.decode()
    assert "30 Jun 2026" in listed
    assert "1 Jul 2026" not in listed
    page = director.get(f"/admin/pricing/scheme/{row.id}/change/").content.decode()
    assert "2026-07-01" not in page


@pytest.mark.parametrize(
    ("language", "audience"), [("en", ("tier Core", "region Guangdong")), ("zh-hans", ("核心", "广东省"))]
)
def test_lists_name_their_audiences(acme, maker, language, audience):
    with tenant_active(acme):
        Tier.objects.create(code="core", name="核心", name_en="Core", from_score=80)
        soy = Product.objects.get(sku="SOY")
        a_price_list(maker, {soy: "10"}, audience=("tier", "core"))
        a_price_list(maker, {soy: "11"}, audience=("region", "44"))
        a_price_list(maker, {soy: "12"}, audience=("tag", "own"))
    client = signed_in(a_member_of(acme, user=a_user(language=language)))
    page = client.get("/price-lists").content.decode()
    assert all(name in page for name in (*audience, "own"))


def test_a_negative_priority_is_refused(acme, maker, director):
    page = director.post("/price-lists/new", draft(priority="-1"))
    assert page.status_code == 422
    with tenant_active(acme):
        assert not PriceList.objects.filter(code="SUMMER").exists()
        with pytest.raises(IntegrityError):
            PriceList.objects.create(seller=maker, code="NEG", priority=-1)
