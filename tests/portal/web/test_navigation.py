"""The navigation of each role: every page opens, and dealers reach what is theirs."""

import re

import pytest
from django.urls import reverse

from tenancy.context import tenant_active
from tests.factories import a_manufacturer, a_party
from tests.people import a_member_of, a_membership, a_user, signed_in

pytestmark = pytest.mark.django_db
STAFF = ["director", "region_manager", "sales_rep", "finance", "supervisor", "account_manager", "warehouse"]
DEALER = ["owner", "purchaser", "warehouse", "finance", "sales_rep"]
MEMBER = ["owner", "sales_rep"]
ROLES = [("manufacturer", role) for role in STAFF]
ROLES += [("dealer", role) for role in DEALER] + [("member", role) for role in MEMBER]
HREF = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
MAX_TABS = 9


def a_browser(acme, kind, role):
    with tenant_active(acme):
        maker = a_manufacturer(name=acme.name)
        party = maker if kind == "manufacturer" else a_party(kind, parent=maker)
        return signed_in(a_membership(party, role, a_user(language="en")))


def links_of(client, page):
    answer = client.get(page, follow=True)
    assert answer.status_code == 200, page
    return {url.replace("&amp;", "&") for url in HREF.findall(answer.content.decode())}


@pytest.mark.parametrize(("kind", "role"), ROLES)
def test_every_link_of_the_home_and_of_its_tabs_opens(acme, kind, role):
    client = a_browser(acme, kind, role)
    tabs = links_of(client, "/")
    for tab in sorted(tabs):
        tabs = tabs | (links_of(client, tab) if not tab.startswith("/admin") else set())
    refused = {url: client.get(url).status_code for url in tabs}
    assert {url: status for url, status in refused.items() if status in (403, 404, 405)} == {}


def labels_of(acme, kind, role):
    page = a_browser(acme, kind, role).get("/")
    return [way.label for way in page.context["ways"]]


def test_a_dealers_tabs_are_few_and_those_of_the_role(acme):
    assert labels_of(acme, "dealer", "owner") == [
        "Home",
        "Order goods",
        "Orders",
        "Stock",
        "Prices",
        "Rebates",
        "Accounts",
        "Alliance",
        "Partners",
    ]
    assert len(labels_of(acme, "dealer", "owner")) <= MAX_TABS


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("warehouse", ["Home", "Orders", "Stock", "Duties", "Customers"]),
        ("finance", ["Home", "Orders", "Stock", "Prices", "Rebates", "Accounts", "Alliance", "Customers"]),
        ("sales_rep", ["Home", "Order goods", "Orders", "Stock", "Prices", "Alliance", "Customers"]),
    ],
)
def test_a_role_of_a_dealer_has_the_tabs_of_its_rights(acme, role, labels):
    assert labels_of(acme, "dealer", role) == labels


@pytest.mark.parametrize(
    ("role", "figures", "sections"),
    [
        ("warehouse", ["Orders to ship", "Deliveries to receive"], {"stock"}),
        ("finance", ["Delivered this month"], {"guarantees", "rebates"}),
        ("sales_rep", ["Delivered this month"], {"stock"}),
    ],
)
def test_a_dealers_home_has_what_the_role_can_do(acme, role, figures, sections):
    page = a_browser(acme, "dealer", role).get("/")
    assert [one.label for one in page.context["kpis"]] == figures
    said = page.content.decode()
    displayed = {one for one in ("stock", "guarantees", "rebates") if f'id="{one}"' in said}
    assert displayed == sections
    assert ("Order goods" in said) == (role == "sales_rep")


def test_an_owner_reaches_prices_limits_and_people_and_a_member_too(acme):
    pages = [reverse(name) for name in ("price-lists", "schemes", "limits", "people", "stock")]
    dealer = a_browser(acme, "dealer", "owner")
    assert set(pages) <= links_of(dealer, reverse("price-lists")) | links_of(dealer, reverse("people"))
    assert set(pages) <= links_of(a_browser(acme, "member", "owner"), reverse("member-mine"))


def test_staff_reach_ordering_for_a_partner_and_the_master_data(acme):
    director = a_browser(acme, "manufacturer", "director")
    assert reverse("order-new") in links_of(director, reverse("orders"))
    with tenant_active(acme):
        dealer = a_party("dealer", parent=a_manufacturer())
    ordering = f"{reverse('order-new')}?buyer={dealer.id}"
    assert ordering in links_of(director, reverse("party", args=[dealer.id]))
    assert reverse("admin:index") in links_of(director, "/")
    assert reverse("order-new") not in links_of(a_browser(acme, "manufacturer", "finance"), reverse("orders"))
    assert reverse("admin:index") not in links_of(signed_in(a_member_of(acme, "dealer")), "/")
