"""Chips say names, and yes-or-no filters say any."""

import pytest
from django.urls import reverse

from tests.factories import a_party
from tests.scene import Scene, rows_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    return Scene(acme)


def chips(page):
    return [(str(chip.label), chip.value) for chip in page.context["list"].chips]


@pytest.mark.parametrize("name", ["orders", "books", "contracts", "statements"])
def test_a_partner_is_a_name_on_its_chip_and_no_field(scene, name):
    buyer = scene.trade.buyer
    page = scene.director.get(reverse(name), {"party": str(buyer.id)})
    assert chips(page) == [("partner", buyer.name)]
    assert f'type="hidden" name="party" value="{buyer.id}"' in page.content.decode()


def test_a_supplier_and_a_region_are_names(scene):
    with scene.inside():
        a_party("member", parent=scene.trade.buyer, region_id="4413", code="IN")
        a_party("member", parent=scene.trade.buyer, region_id="4501", code="OUT")
    page = scene.director.get(reverse("parties"), {"parent": str(scene.trade.buyer.id), "region": "44"})
    assert chips(page) == [("region", "广东省"), ("supplied by", scene.trade.buyer.name)]
    assert [row.code for row in rows_in(page)] == ["IN"]
    assert [row.code for row in rows_in(scene.director.get(reverse("parties"), {"region": "惠州市"}))] == [
        "IN"
    ]
    nowhere = scene.director.get(reverse("parties"), {"region": "Atlantis"})
    assert "There is no region" in text_of(nowhere)
    assert chips(nowhere) == []


@pytest.mark.parametrize("name", ["parties", "stock"])
def test_a_yes_or_no_filter_says_any(scene, name):
    page = scene.director.get(reverse(name)).content.decode()
    assert '<option value="" selected>Any</option>' in page
    assert "Unknown" not in page
