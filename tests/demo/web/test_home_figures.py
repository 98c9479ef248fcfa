"""Each number on each role's home equals what its link opens; the roles find every state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.rights import DEALER, MANUFACTURER, MEMBER, ROLES
from approvals.models import Approval
from dealers.models import Membership
from demo.operations.scenario import ONE_CLICK_PARTIES, ZONE
from ledger.models import Book
from ledger.queries import position_of, positions_of
from ordering.models import Order
from ordering.queries.quick_order.credit import credit_after
from ordering.queries.trade_terms import terms_of_trade
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.demo.loading import forget, load
from tests.people import signed_in
from ui.web.numbers import grouped, shortened

PEOPLE = [
    (kind, role, number)
    for kind in (MANUFACTURER, DEALER, MEMBER)
    for role in ROLES[kind]
    for number in range(1 if kind == MANUFACTURER else ONE_CLICK_PARTIES)
]
NUMBER = re.compile(r"^[\d,]+(?![\d,.]|\s*%)")


class Links(HTMLParser):
    """The links of a page's main part with their text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.href = dict(attrs).get("href") or ""
            self.found.append((self.href, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.href = None

    def handle_data(self, data: str) -> None:
        if self.href is not None:
            href, text = self.found[-1]
            self.found[-1] = (href, f"{text} {data}".strip())


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tenant]:
    with django_db_blocker.unblock():
        try:
            yield load("demo", day=timezone.now().astimezone(ZONE).date())
        finally:
            forget("demo")


def person(tenant: Tenant, kind: str, role: str, number: int = 0) -> Client:
    with tenant_active(tenant):
        found = Membership.objects.filter(party_kind=kind, role=role).select_related("user")
        return signed_in(found.order_by("party__code")[number])


def home_of(client: Client, kind: str) -> Any:
    page = client.get("/m/" if kind == MEMBER else "/")
    assert page.status_code == 200
    return page


def numbers_of(page: Any) -> list[tuple[int, str]]:
    """Return the whole numbers that a page links, each with its address; no amounts of money."""
    amounts = {one.url for one in page.context.get("kpis", ()) if one.unit.endswith("元")}
    text = page.content.decode()
    links = Links()
    links.feed(text[text.index("<main") :])
    numbers = [(NUMBER.match(label), href) for href, label in links.found]
    return [
        (int(found[0].replace(",", "")), href)
        for found, href in numbers
        if found and "?" in href and href not in amounts
    ]


@pytest.mark.parametrize(("kind", "role", "number"), PEOPLE)
def test_each_number_is_the_length_of_the_list_that_it_opens(demo, kind, role, number):
    client = person(demo, kind, role, number)
    for counted, href in numbers_of(home_of(client, kind)):
        opened = client.get(href)
        assert opened.status_code == 200, href
        listed = opened.context["list"]
        assert (href, listed.total) == (href, counted)
        assert listed.is_narrowed, href


@pytest.mark.parametrize(
    ("kind", "role", "least"),
    [
        (MANUFACTURER, "director", 20),
        (MANUFACTURER, "region_manager", 15),
        (MANUFACTURER, "warehouse", 2),
        (DEALER, "owner", 12),
        (DEALER, "purchaser", 3),
        (DEALER, "warehouse", 3),
        (MEMBER, "owner", 1),
    ],
)
def test_the_roles_find_what_waits_for_them(demo, kind, role, least):
    numbers = numbers_of(home_of(person(demo, kind, role), kind))
    assert len(numbers) >= least
    assert sum(counted for counted, _href in numbers) > 0


def test_the_partners_overdue_are_as_many_as_the_list_says(demo):
    client = person(demo, MANUFACTURER, "finance")
    page = home_of(client, MANUFACTURER)
    overdue = next(one for one in page.context["kpis"] if "overdue=true" in one.url)
    listed = client.get(overdue.url).context["list"]
    total = listed.total
    assert total == len(listed.page.rows) > 0
    assert shortened(sum(row.overdue for row in listed.page.rows), "CNY") == (overdue.value, overdue.unit)
    assert overdue.note.split()[0] == str(total)


@pytest.mark.parametrize("kind", [MANUFACTURER, DEALER])
def test_the_guarantees_of_the_home_are_those_of_the_scorecard(demo, kind):
    client = person(demo, kind, "director" if kind == MANUFACTURER else "owner")
    found = home_of(client, kind).context
    results = client.get(found["guarantees_url"]).context["results"]
    assert [(one.kind, one.fulfilled, one.broken, one.owed) for one in found["guarantees"].rows] == [
        (one["row"].kind, one["row"].fulfilled, one["row"].broken, one["row"].owed) for one in results
    ]
    rows = client.get(f"{found['guarantees_url']}&cols=measured,broken&size=100").context["list"].page.rows
    assert sum(row.measured for row in rows) == found["guarantees"].measurements
    assert sum(row.broken for row in rows) == found["guarantees"].not_met > 0


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("kind", [DEALER, MEMBER])
def test_available_credit_is_the_same_everywhere(demo, kind, number):
    client = person(demo, kind, "owner", number)
    with tenant_active(demo), timezone.override(demo.timezone):
        owners = Membership.objects.filter(party_kind=kind, role="owner").order_by("party__code")
        books = Book.objects.filter(buyer=owners[number].party_id, seller=owners[number].party.parent_id)
        book, today = books.get(), timezone.localdate()
        position = position_of(book.id)
        bought = Book.objects.filter(buyer=book.buyer_id).values_list("id", flat=True)
        positions = positions_of(list(bought)).values()
        terms = terms_of_trade(seller_id=book.seller_id, buyer_id=book.buyer_id, on=today)
        ordering = credit_after(terms, Decimal(0), today)
    exposure = position.receivable - position.unapplied - position.prepayment + position.committed
    available = position.available(today)
    raised = position.temporary_on(today)
    limit = position.limit + (raised.amount if raised else Decimal(0))
    assert available == limit - exposure == ordering.decision.available
    assert min(position.prepayment, position.security_deposit) > 0
    page = client.get(reverse("book", args=[book.id]))
    assert page.context["credit"].value == grouped(available, 2)
    listed = client.get(f"{reverse('books')}?side=bought").context["list"].page.rows
    assert (book.id, available) in [(row.id, row.available) for row in listed]
    standing = home_of(client, kind).context["standing"]
    assert standing.credit.value == grouped(available, 2)
    assert (standing.owed, standing.wallet) == (
        sum(one.owed for one in positions),
        sum(one.wallet for one in positions),
    )


@pytest.mark.parametrize("number", [0, 1])
def test_the_one_click_member_has_a_year_of_trade_and_a_rebate_on_its_way(demo, number):
    client = person(demo, MEMBER, "owner", number)
    page = home_of(client, MEMBER)
    with tenant_active(demo):
        bought = Order.objects.filter(buyer=page.context["actor"].party_id).values_list(
            "placed_on", flat=True
        )
        assert len({day.replace(day=1) for day in bought}) >= 12
    rows = page.context["guarantees"].rows
    assert any(row.broken for row in rows)
    assert any(row.fulfilled for row in rows)
    assert page.context["current"].earned > 0
    assert page.context["standing"].wallet > 0
    assert page.context["coming"] > 0


def test_something_is_left_to_settle(demo):
    director = person(demo, MANUFACTURER, "director")
    with tenant_active(demo):
        before = Approval.objects.count()
    director.post(reverse("settlements-run"))
    with tenant_active(demo):
        assert Approval.objects.count() > before, "the director's request waits for a second person"
