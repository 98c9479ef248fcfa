"""A price list edited in the grid, by a spreadsheet, and by copying; its tax, audience and costs."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from catalogue.models import Unit
from catalogue.operations.products import index_products
from dealers.models import Tag
from dealers.operations.parties import index_parties
from jobs.models import Job
from kernel.spreadsheets import read_table
from pricing.models import PriceEntry, PriceList, ProductCost
from pricing.operations.list_uploads import APPLY, COMPARE, apply, compare
from pricing.web.entries import Entries
from tests.factories import a_price_list, a_product, an_actor
from tests.pricing.sheets import xlsx
from tests.scene import Scene, said, text_of
from ui.web.exports import _plain, _workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(acme):
    made = Scene(acme)
    with made.inside():
        for product in made.trade.products:
            Unit.objects.create(product=product, name="箱", factor=24)
        index_products(made.trade.products)
    return made


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


def a_draft(scene, seller=None, rows=None, **values):
    with scene.inside():
        a, b = scene.trade.products
        rows = [(a, "5", 0), (b, "10.01", 0)] if rows is None else rows
        return a_price_list(seller or scene.trade.seller, rows, state="draft", code="N1", **values)


def entries_of(scene, price_list):
    with scene.inside():
        rows = PriceEntry.objects.filter(price_list=price_list).order_by("product__sku", "min_qty")
        columns = rows.values_list("product__sku", "price", "per", "min_qty", "advised_resale")
        return [(sku, str(price), per, least, advised) for sku, price, per, least, advised in columns]


def grid_of(client, price_list, **changed):
    """The fields of the grid as the browser would send them, some of them changed."""
    page = client.get(reverse("price-list-grid", args=[price_list.id]))
    assert page.status_code == 200
    fields: dict[str, object] = {"row": [row.key for row in page.context["rows"]]}
    for row in page.context["rows"]:
        name = row.sku or row.key
        fields[f"sku-{row.key}"] = changed.get(f"sku {name}", row.sku)
        fields[f"before-{row.key}"] = row.before
        for cell, text in row.cells.items():
            fields[f"{cell}-{row.key}"] = changed.get(f"{cell} {name}", text)
        if f"remove {name}" in changed:
            fields[f"remove-{row.key}"] = "1"
    return fields


def save_grid(client, price_list, **changed):
    fields = grid_of(client, price_list, **changed)
    return client.post(reverse("price-list-grid", args=[price_list.id]), fields)


def test_prices_are_edited_added_and_removed_in_the_grid(scene):
    draft = a_draft(scene)
    changed = {
        "price A": "115.20/箱",
        "advised A": "１５０",
        "remove B": True,
        "sku new-0": "A",
        "price new-0": "4.60",
        "min_qty new-0": "10箱",
    }
    page = save_grid(scene.director, draft, **changed)
    assert page.status_code == 302
    assert said(page) == ["3 rows are saved."]
    assert entries_of(scene, draft) == [
        ("A", "115.2000", 24, 0, Decimal("150")),
        ("A", "4.6000", 1, 240, None),
    ]


@pytest.mark.parametrize(
    ("changed", "place", "reason"),
    [
        ({"price A": "5,08"}, ("A", "price"), "more than one meaning"),
        ({"price A": "1.23456"}, ("A", "price"), "too many decimal places"),
        ({"min_qty A": "-1"}, ("A", "min_qty"), "negative"),
        ({"per A": "0"}, ("A", "per"), ""),
        ({"price A": "5/托"}, ("A", "price"), "has no unit 托"),
        ({"sku new-0": "NONE", "price new-0": "5"}, ("NONE", "sku"), "no product with the SKU NONE"),
        ({"sku new-0": "A", "price new-0": "4"}, ("A", "min_qty"), "another price from this quantity"),
        (
            {"sku new-0": "A", "price new-0": "6", "min_qty new-0": "9"},
            ("A", "price"),
            "rises with the quantity",
        ),
    ],
)
def test_a_wrong_row_of_the_grid_is_named_and_nothing_is_saved(scene, changed, place, reason):
    draft = a_draft(scene)
    before = entries_of(scene, draft)
    page = save_grid(scene.director, draft, **{"price B": "9.50", **changed})
    assert page.status_code == 422
    wrong = [(row.sku, name, text) for row in page.context["rows"] for name, text in row.errors]
    assert [one[:2] for one in wrong] == [place]
    assert reason in wrong[0][2]
    assert wrong[0][2].split("%")[0][:20] in text_of(page)
    assert entries_of(scene, draft) == before


def test_thousands_and_full_width_are_read(scene):
    draft = a_draft(scene)
    save_grid(scene.director, draft, **{"price A": "1,200.50", "price B": "１２．５"})
    assert [row[1] for row in entries_of(scene, draft)] == ["1200.5000", "12.5000"]


def test_a_row_that_another_person_has_changed_meanwhile_is_not_overwritten(scene):
    draft = a_draft(scene)
    fields = grid_of(scene.director, draft, **{"price A": "7"})
    save_grid(scene.as_("director"), draft, **{"price A": "6"})
    page = scene.director.post(reverse("price-list-grid", args=[draft.id]), fields)
    assert page.status_code == 422
    assert "Someone else changed this row meanwhile" in text_of(page)
    assert entries_of(scene, draft)[0][1] == "6.0000"


def test_a_published_list_has_no_grid(scene):
    with scene.inside():
        row = PriceList.objects.get()
    page = scene.director.get(reverse("price-list-grid", args=[row.id]))
    assert page.url == reverse("price-list", args=[row.id])


def test_a_product_is_found_by_name_pinyin_and_sku(scene):
    with scene.inside():
        product = a_product("LZ-1", name="鲜味生抽")
        index_products([product])
    for text in ("LZ-1", "生抽", "xwsc"):
        page = scene.director.get(
            reverse("price-find"), {"kind": "product", "name": "sku-new-0", "sku-new-0": text}
        )
        assert 'data-picked="LZ-1"' in page.content.decode()


# The round trip of a spreadsheet


def exported(scene, price_list, language="en"):
    """The workbook that the export of the list's prices writes."""
    with scene.inside(), translation.override(language):
        page = Entries(an_actor(scene.trade.seller), QueryDict(), {"price_list_id": price_list.id})
        rows = list(page.narrowed.order_by("product__sku", "min_qty"))
        cells = [[_plain(column, row) for column in page.exported] for row in rows]
        return _workbook(page.exported, str(page.title), iter(cells))


def run(scene, kind):
    """Run the steps of the newest job of the kind."""
    step = {COMPARE: compare, APPLY: apply}[kind]
    with scene.inside():
        job = Job.objects.filter(kind=kind).latest("created_at")
        while True:
            done = step(job)
            job.cursor, job.done, job.total = done.cursor or {}, done.done, done.total or job.total
            job.result = job.result | json.loads(json.dumps(done.result))
            if done.cursor is None:
                job.state = "done"
                job.save()
                return job


def uploaded(scene, price_list, content, client=None):
    client = client or scene.director
    file = io.BytesIO(content)
    file.name = "prices.xlsx"
    page = client.post(reverse("price-list-upload", args=[price_list.id]), {"file": file})
    assert page.status_code == 302, text_of(page)
    run(scene, COMPARE)
    return page.url


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_export_is_read_again_without_a_difference(scene, language):
    with scene.inside():
        a, b = scene.trade.products
        rows = [(a, "5.0803", 0), (a, "4.9", 240), (b, "9", 0)]
        row = a_price_list(scene.trade.seller, rows, per=12, state="draft")
        PriceEntry.objects.filter(price_list=row, product=a).update(advised_resale=6)
    content = exported(scene, row, language)
    assert len(read_table(content)) == 4
    page = scene.director.get(uploaded(scene, row, content))
    assert "there is nothing to take over" in text_of(page)


def test_an_edited_export_shows_its_differences_and_is_taken_over_in_one_go(scene):
    draft = a_draft(scene)
    content = xlsx(
        ["SKU", "Price", "per", "From", "Advised resale price"], ["A", "5.25", 1, 0, 7], ["A", 5, 1, 24]
    )
    url = uploaded(scene, draft, content)
    text = text_of(scene.director.get(url))
    assert "1 added, 1 changed, 1 removed" in text
    assert "+5%" in text
    page = scene.director.post(url)
    assert page.url == reverse("price-list", args=[draft.id])
    assert entries_of(scene, draft) == [("A", "5.2500", 1, 0, Decimal(7)), ("A", "5.0000", 1, 24, None)]
    assert scene.director.post(url).url == url, "the list has changed since it was compared"
    assert [row[0] for row in entries_of(scene, draft)] == ["A", "A"]


def test_an_upload_of_a_published_list_goes_into_its_next_version(scene):
    with scene.inside():
        row = PriceList.objects.get()
        before = entries_of(scene, row)
    url = uploaded(scene, row, xlsx(["SKU", "Price"], ["A", 6], ["B", "10.01"]))
    assert "Take all over into the next version" in text_of(scene.director.get(url))
    scene.director.post(url)
    with scene.inside():
        draft = PriceList.objects.get(state="draft")
    assert (draft.code, draft.version) == (row.code, 2)
    assert [one[1] for one in entries_of(scene, draft)] == ["6.0000", "10.0100"]
    assert entries_of(scene, row) == before


def test_wrong_rows_refuse_the_upload_with_row_field_and_reason(scene):
    draft = a_draft(scene)
    rows = [["A", "5,08"], ["A", 4], ["A", 6], ["NONE", 1], ["B", "5/托"], ["B", 4]]
    url = uploaded(scene, draft, xlsx(["SKU", "Price"], *rows))
    page = scene.director.get(url)
    found = [(one["number"], str(one["field"])) for one in page.context["errors"]]
    assert found == [(2, "Price"), (4, "From quantity"), (5, "Product"), (6, "Unit")]
    assert "4 rows cannot be taken" in text_of(page)
    assert scene.director.post(url).url == url
    assert [row[1] for row in entries_of(scene, draft)] == ["5.0000", "10.0100"]
    with scene.inside():
        job = Job.objects.get(kind=COMPARE)
    download = scene.director.get(reverse("job-file", args=[job.id]), {"failed": "1"})
    assert len(read_table(b"".join(download.streaming_content))) == 5


def test_errors_are_found_across_the_chunks_and_paged(scene, monkeypatch):
    monkeypatch.setattr("pricing.operations.list_uploads.CHUNK", 50)
    draft = a_draft(scene)
    wrong = [["A", "x"]] * 300
    url = uploaded(scene, draft, xlsx(["SKU", "Price"], ["B", 1], *wrong, ["B", 2]))
    page = scene.director.get(url)
    assert page.context["upload"]["wrong"] == 301
    assert len(page.context["errors"]) == 100
    last = scene.director.get(url, {"page": "4"})
    assert [one["number"] for one in last.context["errors"]] == [303]


def test_a_large_upload_is_taken_over_by_a_job(scene, monkeypatch):
    monkeypatch.setattr("pricing.web.uploads.MAX_ROWS_AT_ONCE", 1)
    draft = a_draft(scene)
    url = uploaded(scene, draft, xlsx(["SKU", "Price"], ["A", 6], ["B", 7]))
    assert scene.director.post(url).url == url
    assert "every 1s" in scene.director.get(url).content.decode()
    run(scene, APPLY)
    assert scene.director.get(url).url == reverse("price-list", args=[draft.id])
    assert [row[1] for row in entries_of(scene, draft)] == ["6.0000", "7.0000"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\xd0\xcf\x11\xe0", "neither an xlsx workbook"), (b"a,b,c\nx,1,2\n", "columns are not certain")],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(scene, content, reason):
    draft = a_draft(scene)
    assert reason in text_of(scene.director.get(uploaded(scene, draft, content)))


# Copies


def test_a_list_is_copied_with_a_percentage_and_rounded(scene):
    with scene.inside():
        row = PriceList.objects.get()
    given = {"code": "COPY", "percent": "+3%", "places": "1", "starts_on": "2027-01-01"}
    page = scene.director.post(reverse("price-list-copy", args=[row.id]), given)
    with scene.inside():
        made = PriceList.objects.get(code="COPY")
    assert page.url == reverse("price-list", args=[made.id])
    assert (made.state, made.version, made.starts_on) == ("draft", 1, date(2027, 1, 1))
    assert [one[1] for one in entries_of(scene, made)] == ["5.2000", "10.3000"]
    again = scene.director.post(reverse("price-list-copy", args=[row.id]), given)
    assert again.status_code == 422
    assert "has a price list with the code COPY already" in text_of(again)


def test_the_next_version_begins_in_the_future_and_the_published_one_stays(scene):
    with scene.inside():
        row = PriceList.objects.get()
        before = entries_of(scene, row)
    given = {"percent": "-10", "places": "2", "starts_on": "2027-01-01", "until": "2027-12-31"}
    scene.director.post(reverse("price-list-version", args=[row.id]), given)
    with scene.inside():
        made = PriceList.objects.get(version=2)
    assert (made.code, made.until) == (row.code, date(2028, 1, 1))
    assert [one[1] for one in entries_of(scene, made)] == ["4.5000", "9.0100"]
    assert entries_of(scene, row) == before


def test_a_copy_whose_rounding_makes_a_break_rise_is_refused(scene):
    with scene.inside():
        a, _b = scene.trade.products
        draft = a_price_list(scene.trade.seller, [(a, "1.00", 0)], code="S", state="draft")
        PriceEntry.objects.create(price_list=draft, product=a, price="11.6", per=12, min_qty=12)
    given = {"percent": "", "places": "0", "code": "R0"}
    page = scene.director.post(reverse("price-list-copy", args=[draft.id]), given | {"percent": "4"})
    assert page.status_code == 302, "1.00 and 12 for 12 are equal"
    page = scene.director.post(
        reverse("price-list-copy", args=[draft.id]), given | {"percent": "8.7", "code": "R1"}
    )
    assert page.status_code == 422
    assert "rises with the quantity" in text_of(page)


# Tax, audience, cost, and whose list it is


def test_a_list_says_whether_its_prices_include_tax(scene):
    names = {"code": "T", "audience_kind": "everyone", "priority": "0", "entries": "A 5"}
    scene.director.post(reverse("price-list-new"), names | {"tax_included": "without"})
    with scene.inside():
        row = PriceList.objects.get(code="T")
    assert row.tax_included is False
    assert "without tax" in text_of(scene.director.get(reverse("price-list", args=[row.id])))


@pytest.mark.parametrize("typed", ["D1", "NAME (D1)", "NAME"])
def test_the_audience_is_named_instead_of_coded(scene, typed):
    with scene.inside():
        buyer = scene.trade.buyer
        index_parties([buyer])
    names = {"code": "P", "audience_kind": "party", "priority": "0", "entries": "A 5"}
    value = typed.replace("NAME", buyer.name)
    page = scene.director.post(reverse("price-list-new"), names | {"audience_value": value})
    assert page.status_code == 302, text_of(page)
    with scene.inside():
        row = PriceList.objects.get(code="P")
    assert row.audience_value == "D1"
    edit = scene.director.get(reverse("price-list-edit", args=[row.id]))
    assert f"{buyer.name} (D1)" in edit.content.decode()


def test_audiences_are_found_by_name(scene):
    with scene.inside():
        Tag.objects.create(code="ec", name="电商")
    given = {"audience_kind": "tag", "name": "audience_value", "audience_value": "电"}
    assert "电商 (ec)" in scene.director.get(reverse("price-find"), given).content.decode()
    level = given | {"audience_kind": "level", "audience_value": "memb"}
    assert "(member)" in scene.director.get(reverse("price-find"), level).content.decode()


def test_a_dealer_edits_its_own_list_and_the_manufacturer_does_not(scene):
    draft = a_draft(scene, seller=scene.trade.buyer)
    assert save_grid(scene.buyer, draft, **{"price A": "8"}).status_code == 302
    url = uploaded(scene, draft, xlsx(["SKU", "Price"], ["A", 9]), scene.buyer)
    assert scene.buyer.post(url).status_code == 302
    assert [row[1] for row in entries_of(scene, draft)] == ["9.0000"]
    page = text_of(scene.director.get(reverse("price-list", args=[draft.id])))
    assert "alone sets these prices" in page
    for name in ("grid", "copy", "version", "upload", "edit"):
        refused = scene.director.get(reverse(f"price-list-{name}", args=[draft.id]))
        assert refused.status_code == 403, name
        assert "A party sets the prices of its own sales only." in text_of(refused)
    withdrawn = scene.director.post(reverse("price-list-action", args=[draft.id, "withdraw"]))
    assert withdrawn.status_code == 403
    assert scene.other.get(reverse("price-list-grid", args=[draft.id])).status_code == 404


def test_costs_are_for_the_manufacturers_people_alone(scene):
    given = {"sku": "A", "cost": "3.2", "starts_on": "2026-01-01"}
    assert scene.director.post(reverse("product-cost-new"), given).status_code == 302
    with scene.inside():
        assert ProductCost.objects.get().cost == Decimal("3.2")
        row = PriceList.objects.get()
    assert "3.2000" in text_of(scene.director.get(reverse("product-costs")))
    path = reverse("price-list", args=[row.id])
    assert "3.2000" in text_of(scene.director.get(path))
    assert "cost" not in [column.key for column in scene.director.get(path).context["list"].exported]
    for client in (scene.buyer, scene.as_("sales_rep")):
        assert "3.2000" not in text_of(client.get(path))
        assert client.get(reverse("product-costs")).status_code == 403
        assert client.post(reverse("product-cost-new"), given).status_code == 403


def test_a_cost_of_an_unknown_product_is_refused(scene):
    given = {"sku": "NONE", "cost": "3.2", "starts_on": "2026-01-01"}
    page = scene.director.post(reverse("product-cost-new"), given)
    assert page.status_code == 422
    assert "no product with the SKU NONE" in text_of(page)
