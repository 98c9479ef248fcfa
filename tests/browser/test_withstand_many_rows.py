"""Ten thousand rows behind a filter: cursor, sorting, address, the way back; and what a page costs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dealers.models import Party
from dealers.operations.parties import index_parties
from tenancy.context import tenant_active
from tests.browser.conftest import IN_A_BROWSER
from tests.browser.withstand import until
from tests.people import signed_in

pytestmark = IN_A_BROWSER
FILTERED = "/parties?kind=outlet"


@pytest.fixture(scope="module")
def many(walked):
    """What the filtered list costs with 100 outlets, and a world that has 10,000 of them."""
    client = signed_in(walked.people["manufacturer"])

    def add(first, last):
        with tenant_active(walked.world.tenant):
            parent = Party.objects.filter(kind="member").order_by("code").first()
            outlets = [
                Party(kind="outlet", code=f"Q{n:05}", name=f"{n:05} 号店", search=f"q{n:05}", parent=parent)
                for n in range(first, last)
            ]
            index_parties(Party.objects.bulk_create(outlets))

    add(0, 100)
    few = cost_of(client, FILTERED)
    add(100, 10_000)
    return walked, client, few


def cost_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(asked), len(answer.content), answer.content.decode()


def next_of(text):
    return re.findall(r'rel="next" href="([^"]+)"', text)[0].replace("&amp;", "&")


def test_a_page_costs_the_same_among_ten_thousand_as_among_a_hundred(many):
    _walked, client, (statements, weight, _text) = many
    first = cost_of(client, FILTERED)
    after = cost_of(client, next_of(first[2]))
    far = cost_of(client, f"{FILTERED}&sort=-name")
    for count, size, _text in (first, after, far):
        assert count <= statements <= 15
        assert size < 1.1 * weight < 200_000


def back_to(page, rows):
    """The browser's own way back; waits until the list begins as it did then."""
    page.go_back()
    until(
        page,
        "begins => { const name = document.querySelector('#list-parties tbody .tp-name');"
        " return name && name.innerText === begins; }",
        rows[0],
    )


def test_one_pages_sorts_and_goes_back_and_the_address_says_where_one_is(many, browser):
    walked, _client, _few = many
    context = walked.enter(browser, "manufacturer", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{walked.site}{FILTERED}", wait_until="networkidle")

    def names():
        return page.locator("#list-parties tbody .tp-name").all_inner_texts()

    def pressed(locator):
        before = names()
        locator.click()
        until(
            page,
            "old => { const now = document.querySelector('#list-parties tbody .tp-name');"
            " return now && now.innerText !== old && !document.querySelector('.htmx-request'); }",
            before[0],
        )

    first = names()
    assert len(first) == 20
    pressed(page.locator("#list-parties [rel=next]"))
    second = names()
    assert not set(first) & set(second)
    assert "kind=outlet" in page.url
    assert "page=" in page.url
    here = page.url

    pressed(page.locator("#list-parties thead a", has_text="客户").first)
    assert "sort=" in page.url
    assert "page=" not in page.url
    assert "kind=outlet" in page.url
    back_to(page, second)
    assert page.url == here
    assert names() == second
    back_to(page, first)
    assert names() == first

    page.fill("#list-parties-q", "q09999")
    page.keyboard.press("Enter")
    until(page, "() => document.querySelectorAll('#list-parties tbody tr').length === 1")
    assert "q=q09999" in page.url
    assert "kind=outlet" in page.url
    page.reload(wait_until="networkidle")
    assert [one.split("\n")[0] for one in names()] == ["09999 号店"]
    context.close()
