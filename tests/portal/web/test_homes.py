"""The home of each role: what is there, nothing of others, no script needed, errors that help."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from ordering.models import Order
from tenancy.context import tenant_active
from tests.factories import a_contract, a_manufacturer, a_party, a_product
from tests.people import a_member_of, signed_in
from tests.scene import MOST, statements

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)
STAFF = ["director", "region_manager", "sales_rep", "finance", "supervisor", "account_manager", "warehouse"]
DEALER = ["owner", "purchaser", "warehouse", "finance", "sales_rep"]


def an_order(seller, buyer, number, state="placed", total=100) -> Order:
    return Order.objects.create(
        number=number,
        state=state,
        seller=seller,
        buyer=buyer,
        placed_at=AT,
        placed_on=AT.date(),
        subtotal=total,
        discount=0,
        total=total,
        tax=0,
        due_on=AT.date(),
    )


@pytest.mark.parametrize("role", STAFF)
def test_each_role_of_the_staff_has_a_home(acme, role):
    page = signed_in(a_member_of(acme, role=role)).get("/")
    assert page.status_code == 200
    assert acme.name in page.content.decode()


@pytest.mark.parametrize("role", DEALER)
def test_each_role_of_a_dealer_has_a_home(acme, role):
    assert signed_in(a_member_of(acme, "dealer", role)).get("/").status_code == 200


@pytest.mark.parametrize("role", ["owner", "sales_rep"])
def test_a_member_is_led_to_the_portal(acme, role):
    client = signed_in(a_member_of(acme, "member", role))
    assert client.get("/").headers["Location"] == "/m/"
    assert client.get("/m/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "role", "page"),
    [("manufacturer", "warehouse", "/"), ("dealer", "warehouse", "/"), ("member", "sales_rep", "/m/")],
)
def test_no_home_says_that_nothing_is_there_where_the_role_may_not_look(acme, kind, role, page):
    said = signed_in(a_member_of(acme, kind, role)).get(page).content.decode()
    assert 'id="guarantees"' not in said
    assert 'id="rebates"' not in said
    assert "#guarantees" not in said
    assert "#rebates" not in said
    assert "tp-hero" not in said


def test_owners_see_guarantees_and_rebates_before_there_are_any(acme):
    for kind, page in (("dealer", "/"), ("member", "/m/")):
        said = signed_in(a_member_of(acme, kind, "owner")).get(page).content.decode()
        assert 'id="guarantees"' in said
        assert 'id="rebates"' in said


def test_staff_do_not_land_in_the_portal(acme):
    assert signed_in(a_member_of(acme)).get("/m/").headers["Location"] == "/"


def test_the_home_shows_what_is_there(acme):
    director = signed_in(a_member_of(acme))
    with tenant_active(acme):
        an_order(a_manufacturer(), a_party("dealer", name="肇庆恒丰"), "DD-0412", "held", 41337)
        a_product()
    page = director.get("/").content.decode()
    assert "DD-0412" in page
    assert "41,337.00" in page
    assert "肇庆恒丰" in page
    assert "/admin/ordering/order/" in page or "#" in page


def test_a_dealer_sees_its_own_trade_and_no_other_dealers(acme):
    owner = a_member_of(acme, "dealer")
    with tenant_active(acme):
        an_order(a_manufacturer(), owner.party, "MINE-1")
        an_order(owner.party, a_party("member"), "SOLD-1")
        an_order(a_manufacturer(), a_party("dealer"), "THEIRS-1")
    page = signed_in(owner).get("/").content.decode()
    assert "MINE-1" in page
    assert "SOLD-1" in page
    assert "THEIRS-1" not in page


def test_a_member_sees_its_contract(acme):
    owner = a_member_of(acme, "member")
    with tenant_active(acme):
        contract = a_contract(a_party("dealer"), owner.party, until=datetime(2099, 1, 1, tzinfo=UTC).date())
    assert contract.code in signed_in(owner).get("/m/").content.decode()


@pytest.mark.parametrize("kind", ["manufacturer", "dealer", "member"])
def test_more_rows_cost_no_more_statements(acme, kind):
    membership = a_member_of(acme, kind)
    client = signed_in(membership)
    path = "/m/" if kind == "member" else "/"

    def statements_with(rows: range) -> int:
        with tenant_active(acme):
            for number in rows:
                other = a_party("dealer" if kind == "manufacturer" else "outlet", parent=membership.party)
                an_order(membership.party, other, f"N-{number}")
        return statements(client, path)

    few = statements_with(range(1))
    assert statements_with(range(1, 15)) == few
    assert few <= MOST


@pytest.mark.parametrize("path", ["/", "/m/", "/sign-in", "/password", "/admin/"])
def test_pages_carry_the_policy_and_no_inline_script_or_style(acme, path):
    client = signed_in(a_member_of(acme, "member" if path == "/m/" else "manufacturer"))
    page = (Client() if path == "/sign-in" else client).get(path)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = page.content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert "onclick" not in text
    assert "<script>" not in text


def test_an_unknown_page_says_what_to_do(acme):
    page = signed_in(a_member_of(acme)).get("/nowhere")
    assert page.status_code == 404
    assert 'href="/"' in page.content.decode()


def test_a_form_without_its_token_says_what_to_do(acme):
    client = signed_in(a_member_of(acme), enforce_csrf_checks=True)
    page = client.post("/sign-out")
    assert page.status_code == 403
    assert "tp-card" in page.content.decode()


def test_a_crash_names_the_request_and_reads_no_database(acme, monkeypatch):
    client = signed_in(a_member_of(acme), raise_request_exception=False)
    monkeypatch.setattr("portal.web.home.staff_home", lambda *args, **kwargs: 1 / 0)
    page = client.get("/")
    assert page.status_code == 500
    assert "tp-card" in page.content.decode()
