import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from catalogue.models import Brand, Product
from jobs.models import Job
from tenancy.context import tenant_active
from tests.factories import a_manufacturer, an_actor
from tests.people import a_member_of, signed_in
from tests.ui.web.goods import Goods, every_row, goods
from ui.web.columns import Column, phone_slots
from ui.web.list_view import _run_bulk_action, list_view
from ui.web.lists import ListPage


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


def some_goods(count, **values):
    brands = [Brand.objects.create(name="B"), None, Brand.objects.create(name="A")]
    return Product.objects.bulk_create(
        Product(**{"sku": f"S{n:04}", "name": f"N{n % 7}", "brand": brands[n % 3], **values})
        for n in range(count)
    )


@pytest.mark.parametrize("sort", ["", "sku", "-sku", "name", "-name", "brand", "-brand", "tax", "-tax"])
def test_following_the_pages_shows_each_row_once_whatever_the_sort(director, sort):
    some_goods(130)
    seen, pages = every_row(director, f"sort={sort}")
    assert sorted(seen) == [f"S{n:04}" for n in range(130)]
    assert len(pages) == 3
    assert [(page.page.start, page.last) for page in pages] == [(1, 50), (51, 100), (101, 130)]


@pytest.mark.parametrize("sort", ["sku", "-brand", "brand"])
def test_going_back_shows_the_same_pages(director, sort):
    some_goods(130)
    _seen, pages = every_row(director, f"sort={sort}")
    back = goods(director, pages[2].previous_url[1:])
    assert [one.row for one in back.lines] == [one.row for one in pages[1].lines]
    first = goods(director, back.previous_url[1:])
    assert [one.row for one in first.lines] == [one.row for one in pages[0].lines]
    assert (first.page.start, first.previous_url) == (1, "")


def test_a_cursor_of_another_sort_or_a_broken_one_begins_at_the_first_page(director):
    some_goods(60)
    page = goods(director, "sort=name")
    cursor = QueryDict(page.next_url[1:])["page"]
    for query in (f"sort=-name&page={cursor}", "page=xx", f"page={cursor}x"):
        assert goods(director, query).page.start == 1


def test_it_counts_to_a_thousand_and_says_so(director):
    some_goods(1005)
    page = goods(director)
    assert (page.counted, page.many) == (1000, True)
    assert goods(director, "q=S000").total == 10


def test_a_page_takes_the_same_statements_for_any_number_of_rows(director):
    some_goods(3)
    taken = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert goods(director).lines
        taken.append(len(asked))
        Product.objects.bulk_create(Product(sku=f"T{turn}-{n}", name="T") for n in range(40))
    assert taken == [1, 1]
    assert not any("OFFSET" in one["sql"] for one in asked.captured_queries)


def test_filters_and_search_become_chips_that_lead_away_from_themselves(director):
    some_goods(4)
    page = goods(director, "q=S0001&stage=active&sort=name")
    assert [(chip.label, chip.without) for chip in page.chips] == [
        ("搜索", "?stage=active&sort=name"),
        ("Stage", "?q=S0001&sort=name"),
    ]
    assert [line.row.sku for line in page.lines] == ["S0001"]


@pytest.mark.parametrize("query", ["q=%00", "sort=password", "sort=--sku", "cols=nothing", "page="])
def test_nonsense_in_the_address_shows_the_list(director, query):
    some_goods(2)
    assert len(goods(director, query).lines) == 2


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("stage=nonsense", "Stage: "),
        ("since_after=2026-13-01", "Since: 没有“2026-13-01”这一天"),
        ("since_before=01/02/2026", "Since: “01/02/2026”有歧义"),
        ("since_after=soon", "Since: “soon”不是日期"),
    ],
)
def test_a_filter_that_cannot_be_read_shows_no_rows_and_says_which(director, query, message):
    some_goods(2)
    page = goods(director, query)
    assert page.lines == []
    assert [error[: len(message)] for error in page.filter_errors] == [message]


def test_a_day_in_a_filter_is_read_as_people_write_it(director):
    some_goods(2)
    page = goods(director, "since_after=2026年1月5日&since_before=2026/1/6")
    assert page.filter_errors == []


def test_columns_are_chosen_in_the_address_and_the_first_stays(director):
    assert [one.key for one in goods(director).visible] == ["sku", "name", "brand", "tax"]
    assert [one.key for one in goods(director, "cols=stage,name").visible] == ["sku", "name", "stage"]
    assert [one.key for one in goods(director, "cols=stage&cols=tax").visible] == ["sku", "tax", "stage"]


def test_two_lists_of_one_name_are_refused():
    with pytest.raises(TypeError, match="test-goods"):
        type("Other", (ListPage,), {"name": "test-goods"})


def a_request(actor, person, post):
    request = RequestFactory().post("/goods?stage=active", post)
    request.actor, request.user = actor, person
    request.session = {}  # type: ignore[assignment]  # a stand-in
    request._messages = CookieStorage(request)
    return request


def test_a_action_is_done_with_the_rows_ticked_that_the_actor_sees(director, acme):
    one, two, _three = some_goods(3)
    who = a_member_of(acme).user
    response = list_view(Goods)(a_request(director, who, {"action": "end", "row": [one.id, two.id, "x"]}))
    assert (response.status_code, response["Location"]) == (302, "/goods?stage=active")
    assert sorted(Product.objects.filter(stage="ended").values_list("sku", flat=True)) == ["S0000", "S0001"]


def test_a_refused_action_is_undone_and_the_rows_stay_ticked_with_every_reason(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        two = [Product.objects.create(sku=sku, name=sku) for sku in ("never", "S0001")]
        request = a_request(an_actor(who.party), who.user, {"action": "end", "row": [row.id for row in two]})
        request.htmx = None
        page = goods(request.actor)
        refused = _run_bulk_action(request, page, page.bulk_actions[0])
        assert refused is not None
        assert refused.details["messages"] == ["never: it never ends", "S0001: it ends with never"]
        assert page.ticked == {row.id for row in two}
        assert not Product.objects.filter(stage="ending").exists()


def test_the_number_of_rows_is_chosen_in_the_address(director):
    some_goods(60)
    sizes = {query: len(goods(director, query).lines) for query in ("", "size=20", "size=50", "size=7")}
    assert sizes == {"": 50, "size=20": 20, "size=50": 50, "size=7": 50}
    assert [(size, here) for size, _url, here in goods(director, "size=20").size_links] == [
        (20, True),
        (50, False),
        (100, False),
    ]
    assert ListPage.size == 20


def test_a_row_on_a_phone_has_a_name_a_figure_two_values_and_a_state():
    columns = [
        Column("name", "Name"),
        Column("seller", "Seller"),
        Column("left", "Left", kind="whole"),
        Column("total", "Total", kind="money"),
        Column("day", "Day", kind="day"),
        Column("note", "Note"),
        Column("state", "State", kind="state"),
    ]
    assert phone_slots(columns) == {
        "name": "first",
        "state": "state",
        "total": "figure",
        "seller": "second",
        "day": "second",
        "note": "hidden",
        "left": "hidden",
    }
    assert phone_slots(
        [Column("a", "A"), Column("b", "B", phone="hidden"), Column("c", "C", kind="whole")]
    ) == {
        "a": "first",
        "b": "hidden",
        "c": "figure",
    }


def test_the_page_and_its_fragment(acme):
    who = a_member_of(acme)
    with tenant_active(acme):
        Job.objects.bulk_create(Job(kind=f"test.{n:03}", state="failed", message="why") for n in range(60))
    client = signed_in(who)
    whole = client.get("/jobs")
    part = client.get("/jobs", headers={"HX-Request": "true", "HX-Target": "list-jobs"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert part.content.strip().startswith(b"<section")
    assert "HX-Request" in part["Vary"]
    assert b'class="tp-is-bad"' in part.content
    nothing = client.get("/jobs?state=running")
    assert b"<table" not in nothing.content
