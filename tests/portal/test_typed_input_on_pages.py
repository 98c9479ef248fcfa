"""Numbers and days typed on any page and in the admin are read in one way, or refused by name."""

import pytest
from django.urls import reverse

from catalogue.models import Unit
from ledger.models import Book
from pricing.models import PriceList, Scheme
from tests.ordering.trade import delivered
from tests.scene import Scene, text_of

pytestmark = pytest.mark.django_db
TWO_MEANINGS = "has more than one meaning"
LIST = {"code": "N1", "audience_kind": "everyone", "priority": "0", "entries": "A 1"}
SCHEME = {"code": "S1", "audience_kind": "everyone", "priority": "0", "kind": "free_goods", "mode": "unit"}
ADMIN_PRODUCT = {
    "name": "Soy",
    "base_unit": "瓶",
    "stage": "active",
    "units-TOTAL_FORMS": 1,
    "units-INITIAL_FORMS": 0,
    "units-0-name": "托",
    "barcodes-TOTAL_FORMS": 0,
    "barcodes-INITIAL_FORMS": 0,
}
WINDOWS = {"from-1": "06:00", "until-1": "10:00", "weekday": ["1", "2"], "cut_off": "18:00"}


@pytest.fixture
def scene(acme):
    return Scene(acme)


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("priority", "1,5", TWO_MEANINGS),
        ("priority", "1e3", TWO_MEANINGS),
        ("priority", "high", "is no number"),
        ("priority", "1.5", "is no whole number"),
        ("priority", "9999999999", "At most"),
        ("starts_on", "01/02/2026", TWO_MEANINGS),
        ("starts_on", "2026-13-01", "there is no day"),
        ("until", "soon", "is no date"),
    ],
)
def test_a_price_list_refuses_at_the_field(scene, field, typed, reason):
    page = scene.director.post(reverse("price-list-new"), LIST | {field: typed})
    assert page.status_code == 422
    assert reason in str(page.context["form"].errors[field])
    with scene.inside():
        assert not PriceList.objects.filter(code="N1").exists()


@pytest.mark.parametrize(("typed", "priority"), [("1,200", 1200), ("１０", 10), ("10.0", 10)])
def test_a_priority_is_read_as_people_write_it(scene, typed, priority):
    days = {"starts_on": "2026年7月1日", "until": "２０２６/７/３１"}
    assert (
        scene.director.post(reverse("price-list-new"), LIST | days | {"priority": typed}).status_code == 302
    )
    with scene.inside():
        stored = PriceList.objects.get(code="N1")
    assert (stored.priority, str(stored.starts_on), str(stored.until)) == (
        priority,
        "2026-07-01",
        "2026-08-01",
    )


@pytest.mark.parametrize(
    ("typed", "reason"),
    [({"buy": "1,5"}, TWO_MEANINGS), ({"free": "-1"}, "is negative"), ({"cap": "2.5"}, "is no whole number")],
)
def test_free_goods_refuse_at_the_field(scene, typed, reason):
    page = scene.director.post(reverse("scheme-new"), SCHEME | {"buy": "8", "free": "1"} | typed)
    (field,) = typed
    assert reason in str(page.context["form"].errors[field])


def test_free_goods_are_read_as_people_write_them(scene):
    assert (
        scene.director.post(reverse("scheme-new"), SCHEME | {"buy": "二十四", "free": "2"}).status_code == 302
    )
    with scene.inside():
        assert Scheme.objects.get(code="S1").terms["buy"] == 24


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("since=2026-13-01", "From: there is no day “2026-13-01”"),
        ("until=01/02/2026", "To: “01/02/2026” has more than one meaning"),
    ],
)
def test_a_statement_names_the_day_that_it_cannot_read(scene, query, reason):
    scene.order(delivered)
    with scene.inside():
        address = reverse("book", args=[Book.objects.get().id])
    assert reason in text_of(scene.director.get(f"{address}?{query}"))
    page = scene.director.get(address, {"since": "2026年6月1日", "until": "2026/6/30"})
    assert (str(page.context["since"]), str(page.context["until"])) == ("2026-06-01", "2026-06-30")


@pytest.mark.parametrize(
    ("lines", "units"),
    [("A 1,200", 14400), ("A 二十", 240), ("A ×20", 240), ("A 5箱3瓶", 63), ("A,20瓶", 20), ("A", 12)],
)
def test_a_quote_reads_quantities_as_people_write_them(scene, lines, units):
    with scene.inside():
        product = next(one for one in scene.trade.products if one.sku == "A")
        product.base_unit = "瓶"
        product.save()
        Unit.objects.create(product=product, name="箱", factor=12)
    page = scene.director.post(reverse("quote"), {"buyer": scene.trade.buyer.code, "lines": lines})
    assert [row["line"].qty for row in page.context["rows"]] == [units]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"lines": "A 3\nB 1,5"}, "Row 2: “1,5” has more than one meaning"),
        ({"lines": "A 3\nB 1e3"}, "Row 2: “1e3” has more than one meaning"),
        ({"lines": "A 2.5"}, "Row 1: “2.5” is no whole number"),
        ({"lines": "A -3"}, "Row 1: “-3” is negative"),
        ({"lines": "A 3", "on": "01/02/2026"}, "Day: “01/02/2026” has more than one meaning"),
        ({"lines": "A 3", "on": "2026-02-30"}, "Day: there is no day “2026-02-30”"),
    ],
)
def test_a_quote_names_what_it_cannot_read(scene, given, reason):
    page = scene.director.post(reverse("quote"), {"buyer": scene.trade.buyer.code} | given)
    assert reason in text_of(page)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"qty": "1,5"}, "Quantity: “1,5” has more than one meaning"),
        ({"qty": "many"}, "Quantity: “many” is no number"),
        ({"qty": "3", "factor": "x"}, "Quantity: “x” is no number"),
        ({"qty": "999999999", "factor": "12"}, "Quantity: “999999999” is too large"),
        ({"on": "2026-13-01"}, "Day: there is no day “2026-13-01”"),
    ],
)
def test_what_if_beside_a_price_names_what_it_cannot_read(scene, query, reason):
    given = {"buyer": scene.trade.buyer.code, "sku": "A"}
    page = scene.director.get(reverse("price-why"), given | query)
    assert (page.status_code, reason in text_of(page)) == (422, True)
    page = scene.director.get(reverse("price-why"), given | {"qty": "1,200", "on": "2026年6月1日"})
    assert page.context["why"].line.qty == 1200


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"days_before": "1,5"}, TWO_MEANINGS),
        ({"days_ahead": "x"}, "is no number"),
        ({"days_ahead": ""}, "a value is missing"),
        ({"cut_off": "6 o'clock"}, "Write a time of day"),
    ],
)
def test_delivery_windows_refuse_at_the_field(scene, typed, reason):
    sent = WINDOWS | {"days_before": "1", "days_ahead": "7", "version": "0"} | typed
    page = scene.director.post(reverse("delivery-windows"), sent)
    (field,) = typed
    assert (page.status_code, reason in page.context["typed"].wrong[field]) == (422, True)


def test_delivery_windows_are_read_as_people_write_them(scene):
    sent = WINDOWS | {
        "days_before": "一",
        "days_ahead": "１４",
        "cut_off": "１８：３０",
        "receipt_hours": "４８",
        "version": "0",
    }
    assert scene.director.post(reverse("delivery-windows"), sent).status_code == 302
    typed = scene.director.get(reverse("delivery-windows")).context["typed"]
    assert (typed.days_before, typed.days_ahead, typed.cut_off) == ("1", "14", "18:30")


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("tax_rate", "0,13", TWO_MEANINGS),
        ("tax_rate", "1e-1", "is no number"),
        ("tax_rate", "0.12345", "too many decimal places"),
        ("units-0-factor", "1,5", TWO_MEANINGS),
        ("units-0-factor", "1e3", TWO_MEANINGS),
        ("units-0-factor", "-4", "is negative"),
    ],
)
def test_the_admin_refuses_at_the_field(scene, field, typed, reason):
    sent = ADMIN_PRODUCT | {"sku": "X1", "tax_rate": "0.13", "units-0-factor": "12"} | {field: typed}
    page = scene.director.post("/admin/catalogue/product/add/", sent)
    assert (page.status_code, reason in text_of(page)) == (200, True)


def test_the_admin_reads_numbers_and_days_as_people_write_them(scene):
    sent = ADMIN_PRODUCT | {"sku": "X1", "tax_rate": "０.０９", "units-0-factor": "1,200"}
    assert scene.director.post("/admin/catalogue/product/add/", sent).status_code == 302
    with scene.inside():
        unit = Unit.objects.get(product__sku="X1")
        assert (unit.factor, str(unit.product.tax_rate)) == (1200, "0.0900")
    page = scene.director.get("/admin/catalogue/product/add/").content.decode()
    assert 'type="number"' not in page
