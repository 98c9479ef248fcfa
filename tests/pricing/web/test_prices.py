"""Price lists and schemes on the screen: drafted by pasting, published, never another's."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.rights import the_system
from catalogue.models import Barcode, Unit
from pricing.models import PriceEntry, PriceList, Scheme
from tests.approving import approve_on_screen
from tests.factories import a_price_list, a_scheme
from tests.pricing.dry_running import tried
from tests.scene import LONG, MOST, Scene, rows_in, statements, text_of

pytestmark = pytest.mark.django_db
NEW_LIST, NEW_SCHEME = reverse("price-list-new"), reverse("scheme-new")
NAMES = {"code": "N1", "audience_kind": "everyone", "priority": "0"}


@pytest.fixture
def scene(acme):
    return Scene(acme)


def a_draft(scene, entries="A 4.50\nB\t9.90\t1\t100", **changed):
    return scene.director.post(NEW_LIST, NAMES | {"entries": entries} | changed)


def newest(scene, model=PriceList):
    with scene.inside():
        return model.objects.order_by("id").last()


def try_(scene, draft):
    with scene.inside():
        tried(draft.id, by=the_system(), at=timezone.now())


def action(row, what):
    pages = {"publish": "dry-run-publish", "next": "price-list-version"}
    if isinstance(row, PriceList) and what in pages:
        return reverse(pages[what], args=[row.id])
    return reverse(f"{'scheme' if isinstance(row, Scheme) else 'price-list'}-action", args=[row.id, what])


def test_a_list_is_pasted_published_and_drafted_again(scene):
    page = a_draft(scene)
    draft = newest(scene)
    assert page.url == reverse("price-list", args=[draft.id])
    assert (draft.code, draft.state) == ("N1", "draft")
    with scene.inside():
        entries = PriceEntry.objects.filter(price_list=draft).order_by("price")
        assert [(float(one.price), one.per, one.min_qty) for one in entries] == [(4.5, 1, 0), (9.9, 1, 100)]
    finance = scene.as_("finance")
    try_(scene, draft)
    scene.director.post(action(draft, "publish"))
    assert newest(scene).state == "draft"
    assert "waits for the approval of a second person" in text_of(scene.director.get(page.url))
    approve_on_screen(finance, scene.tenant)
    assert newest(scene).state == "published"
    scene.director.post(action(draft, "next"), {"places": "4"})
    following = newest(scene)
    assert (following.code, following.version, following.state) == ("N1", 2, "draft")
    assert "v2" in text_of(scene.director.get(page.url))
    scene.director.post(action(draft, "withdraw"))
    with scene.inside():
        assert PriceList.objects.get(id=draft.id).state == "withdrawn"


@pytest.mark.parametrize(
    ("entries", "where"),
    [
        ("A 4.50\nB x", "row 2, price"),
        ("A 4.50\nNONE 3", "row 2, sku"),
        ("A", "row 1, price"),
        ("A -1", "row 1, price"),
        ("A 4 x", "row 1, min_qty"),
        ("A 4 x 1", "row 1, unit"),
        ("A 4 1,5 1", "row 1, per"),
        ("A 1,5", "row 1, price"),
        ("A 1e3", "row 1, price"),
        ("A 4 1,5", "row 1, min_qty"),
        ("A,1,200", "more than one meaning"),
    ],
)
def test_a_wrong_row_is_named_with_its_field_and_what_was_typed_stays(scene, entries, where):
    before = newest(scene)
    page = a_draft(scene, entries)
    assert page.status_code == 422
    assert where in text_of(page)
    assert entries.splitlines()[-1] in page.content.decode()
    assert newest(scene) == before


def xlsx(*rows):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)
    book.close()
    return SimpleUploadedFile("prices.xlsx", file.getvalue())


def prices_of_newest(scene):
    draft = newest(scene)
    with scene.inside():
        entries = PriceEntry.objects.filter(price_list=draft).order_by("product__sku", "min_qty")
        rows = entries.values_list("product__sku", "price", "per", "min_qty")
        return [(sku, float(price), per, qty) for sku, price, per, qty in rows]


@pytest.fixture
def cased(scene):
    with scene.inside():
        for product in scene.trade.products:
            Unit.objects.create(product=product, name="箱", factor=12)
        Barcode.objects.create(product=scene.trade.products[0], code="6901234567892")
    return scene


PRICE_FILES = {
    "by the case": (
        [["商品编码", "单价(元/箱)"], ["A", 240], ["B", "1,200"]],
        [("A", 240, 12, 0), ("B", 1200, 12, 0)],
    ),
    "with a column of units": (
        [["编码", "价格", "单位"], ["A", 240, "箱"], ["B", 9.9, ""]],
        [("A", 240, 12, 0), ("B", 9.9, 1, 0)],
    ),
    "from a quantity of cases": (
        [["编码", "单价", "起订量(箱)"], ["A", 20, ""], ["A", 18.5, 10]],
        [("A", 20, 1, 0), ("A", 18.5, 1, 120)],
    ),
    "both by the case": (
        [["编码", "单价(元/箱)", "起订量"], ["A", 240, 10]],
        [("A", 240, 12, 120)],
    ),
    "by barcode": ([["条码", "单价"], ["6901234567892", 20]], [("A", 20, 1, 0)]),
    "by name, under titles": (
        [["2026 年价目表"], [], ["序号", "品名", "规格", "单价", "备注"], [1, "NAME-B", "1x12", 9.9, "新"]],
        [("B", 9.9, 1, 0)],
    ),
    "per many": ([["SKU", "Price", "Per", "From"], ["A", 240, 12, 24]], [("A", 240, 12, 24)]),
}


@pytest.mark.parametrize("name", PRICE_FILES)
def test_an_uploaded_price_list_is_read_by_its_headings(cased, name):
    rows, expected = PRICE_FILES[name]
    with cased.inside():
        names = {f"NAME-{product.sku}": product.name for product in cased.trade.products}
    rows = [[names.get(cell, cell) for cell in row] for row in rows]
    assert a_draft(cased, "", file=xlsx(*rows)).status_code == 302
    assert prices_of_newest(cased) == expected


@pytest.mark.parametrize("name", PRICE_FILES)
def test_a_pasted_price_list_is_read_by_its_headings(cased, name):
    rows, expected = PRICE_FILES[name]
    with cased.inside():
        names = {f"NAME-{product.sku}": product.name for product in cased.trade.products}
    text = "\n".join("\t".join(names.get(str(cell), str(cell)) for cell in row) for row in rows)
    assert a_draft(cased, text).status_code == 302
    assert prices_of_newest(cased) == expected


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (["A", "1,5"], "row 2, price"),
        (["A", "1e3"], "row 2, price"),
        (["NONE", 5], "row 2, sku"),
        (["A", "240/托"], "row 2, unit"),
        (["A", -5], "row 2, price"),
    ],
)
def test_a_wrong_row_of_a_file_is_named_and_shown_as_text_to_correct(cased, row, where):
    before = newest(cased)
    page = a_draft(cased, "", file=xlsx(["编码", "单价"], row))
    assert page.status_code == 422
    assert where in text_of(page)
    assert str(row[0]) in page.context["form"]["entries"].value()
    assert newest(cased) == before


def test_rows_without_a_price_are_counted_in_one_sentence(cased):
    page = cased.director.post(
        NEW_LIST, NAMES | {"file": xlsx(["编码", "单价"], ["A", 20], ["B", ""])}, follow=True
    )
    assert "1 row has no price" in text_of(page)


def test_a_file_that_is_no_table_is_refused_at_its_field(cased):
    page = a_draft(cased, "", file=SimpleUploadedFile("prices.pdf", b"%PDF\x00"))
    assert page.status_code == 422
    assert page.context["form"].errors["file"]


def test_unclear_columns_of_prices_are_asked_about_and_the_same_upload_goes_on(cased):
    before = newest(cased)
    page = a_draft(cased, "", file=xlsx(["A", 270, 12, "箱", 240], ["B", 130, 24, "箱", 120]))
    assert (page.status_code, newest(cased)) == (422, before)
    question = page.context["form"].question
    sent = {"table": question["table"], "headings_at": question["headings_at"]}
    wrong = a_draft(cased, "", **sent, **{"column-0": "sku"})
    assert wrong.context["form"].question["table"] == question["table"]
    assert (
        a_draft(cased, "", **sent, **{"column-0": "sku", "column-3": "unit", "column-4": "price"}).status_code
        == 302
    )
    assert prices_of_newest(cased) == [("A", 240, 12, 0), ("B", 120, 12, 0)]


def test_a_code_twice_is_said_at_its_field(scene):
    a_draft(scene)
    page = a_draft(scene)
    assert page.status_code == 422
    assert "code" in page.context["form"].errors


def test_a_draft_is_changed_and_a_published_list_is_not(scene):
    a_draft(scene)
    draft = newest(scene)
    edit = reverse("price-list-edit", args=[draft.id])
    page = scene.director.get(edit)
    assert "A 4.5 1 0" in page.content.decode()
    seen = {"version": page.context["version"]}
    assert scene.director.post(edit, NAMES | seen | {"entries": "A 3"}).status_code == 302
    finance = scene.as_("finance")
    try_(scene, draft)
    scene.director.post(action(draft, "publish"))
    approve_on_screen(finance, scene.tenant)
    seen = {"version": scene.director.get(edit).context["version"]}
    assert scene.director.post(edit, NAMES | seen | {"entries": "A 1"}).status_code == 422
    with scene.inside():
        assert [float(one.price) for one in PriceEntry.objects.filter(price_list=draft)] == [3]


def test_partners_cannot_touch_the_manufacturers_lists_and_schemes(scene):
    with scene.inside():
        row = a_price_list(scene.trade.seller, {}, state="draft")
        scheme = a_scheme(scene.trade.seller, "special_price", {"price": "1"}, state="draft")
    for client in (scene.buyer, scene.other):
        for path in (action(row, "publish"), action(scheme, "publish")):
            assert client.post(path).status_code == 404
        for path in (reverse("price-list-edit", args=[row.id]), reverse("scheme-edit", args=[scheme.id])):
            assert client.get(path).status_code == 404
            assert client.post(path, NAMES | {"entries": "A 1"}).status_code == 404
    assert scene.as_("purchaser", scene.trade.buyer).get(NEW_LIST).status_code == 403
    with scene.inside():
        assert not PriceList.objects.filter(id=row.id).exclude(state="draft").exists()
        assert Scheme.objects.get().state == "draft"


def test_the_manufacturer_does_not_set_a_dealers_prices(scene):
    with scene.inside():
        row = a_price_list(scene.trade.buyer, {}, state="draft")
        scheme = a_scheme(scene.trade.buyer, "special_price", {"price": "1"}, state="draft")
    for page in (
        scene.director.post(action(row, "publish")),
        scene.director.post(action(scheme, "publish")),
        scene.director.get(reverse("scheme-edit", args=[scheme.id])),
    ):
        assert page.status_code == 403
        assert "A party sets the prices of its own sales only." in text_of(page)


@pytest.mark.parametrize(
    ("kind", "given", "terms", "told"),
    [
        ("special_price", {"price": "4.20", "skus": "A, B"}, {"skus": ["A", "B"], "price": "4.20"}, "4.20"),
        (
            "free_goods",
            {"buy": "8", "free": "1", "skus": "A"},
            {"skus": ["A"], "buy": 8, "free": 1, "mode": "unit"},
            "buy 8, 1 free",
        ),
        (
            "order_amount",
            {"steps": "20000 2%\n30000: 700"},
            {"steps": [{"from": "20000", "percent_off": "0.02"}, {"from": "30000", "amount_off": "700"}]},
            "from 20000: −2%",
        ),
        (
            "step",
            {"steps": "10 2%", "measure": "quantity", "skus": "A"},
            {"skus": ["A"], "steps": [{"from": "10", "percent_off": "0.02"}], "measure": "quantity"},
            "from 10units: −2%",
        ),
    ],
)
def test_a_scheme_of_each_kind_is_drafted_shown_and_published(scene, kind, given, terms, told):
    page = scene.director.post(NEW_SCHEME, NAMES | {"kind": kind} | given)
    scheme = newest(scene, Scheme)
    assert page.url == reverse("scheme", args=[scheme.id]), page.context["form"].errors
    assert (scheme.kind, scheme.terms) == (kind, terms)
    assert told in text_of(scene.director.get(page.url))
    finance = scene.as_("finance")
    scene.director.post(action(scheme, "publish"))
    approve_on_screen(finance, scene.tenant)
    assert newest(scene, Scheme).state == "published"
    assert "Publish" not in text_of(scene.buyer.get(page.url))


@pytest.mark.parametrize("step", ["10000 2,5%", "1,5 2%", "10000 1e1", "10000: 700.005"])
def test_a_step_with_two_meanings_is_refused(scene, step):
    page = scene.director.post(NEW_SCHEME, NAMES | {"kind": "step", "steps": f"20000 2%\n{step}"})
    assert page.status_code == 422
    assert "Line 2:" in text_of(page)
    assert newest(scene, Scheme) is None


@pytest.mark.parametrize(
    ("step", "stored"),
    [
        ("10,000 2.5%", {"from": "10000", "percent_off": "0.025"}),
        ("１００００：２．５％", {"from": "10000", "percent_off": "0.025"}),
        ("10000元 → 300元", {"from": "10000", "amount_off": "300"}),
    ],
)
def test_a_step_is_read_as_people_write_it(scene, step, stored):
    scene.director.post(NEW_SCHEME, NAMES | {"kind": "step", "steps": step, "skus": "A"})
    assert newest(scene, Scheme).terms["steps"] == [stored]


def test_an_unreadable_step_names_its_line_and_stays(scene):
    page = scene.director.post(NEW_SCHEME, NAMES | {"kind": "step", "steps": "20000 2%\ntwenty"})
    assert page.status_code == 422
    assert "Line 2:" in text_of(page)
    assert "twenty" in page.content.decode()
    assert newest(scene, Scheme) is None


def test_changing_a_draft_keeps_how_free_goods_are_counted(scene):
    with scene.inside():
        scheme = a_scheme(
            scene.trade.seller,
            "free_goods",
            {"skus": ["A"], "buy": 8, "free": 1, "mode": "whole"},
            state="draft",
        )
    edit = reverse("scheme-edit", args=[scheme.id])
    page = scene.director.get(edit)
    mode, seen = page.context["form"]["mode"].value(), {"version": page.context["version"]}
    form = NAMES | seen | {"kind": "free_goods", "skus": "A", "buy": "9", "free": "1", "mode": mode}
    assert scene.director.post(edit, form).status_code == 302
    assert newest(scene, Scheme).terms == {"skus": ["A"], "buy": 9, "free": 1, "mode": "whole"}


def test_long_names_and_open_ends_are_shown(scene):
    with scene.inside():
        row = a_price_list(scene.trade.seller, {}, name=LONG[:100])
        scheme = a_scheme(scene.trade.seller, "special_price", {"price": "1"}, name=LONG[:100])
    for path in (reverse("price-list", args=[row.id]), reverse("scheme", args=[scheme.id])):
        assert LONG[:100] in scene.director.get(path).content.decode()


@pytest.mark.parametrize("name", ["price-lists", "schemes", "products"])
def test_the_lists_cost_the_same_however_many_rows(scene, name):
    def more(count):
        with scene.inside():
            for _time in range(count):
                a_price_list(scene.trade.seller, {scene.trade.products[0]: 1})
                a_scheme(scene.trade.seller, "special_price", {"price": "1"})

    more(2)
    few = statements(scene.director, reverse(name))
    more(4)
    assert statements(scene.director, reverse(name)) == few
    assert few <= MOST
    assert rows_in(scene.director.get(reverse(name)))
