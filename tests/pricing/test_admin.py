from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.rights import the_system
from pricing.models import Limit, PriceEntry, PriceList, Scheme
from tenancy.context import tenant_active
from tests.approving import approve_on_screen
from tests.factories import a_manufacturer, a_party, a_price_list, a_product, a_scheme
from tests.people import a_member_of, a_membership, a_user, signed_in
from tests.pricing.dry_running import tried

pytestmark = pytest.mark.django_db
LISTS, SCHEMES, LIMITS = (f"/admin/pricing/{name}/" for name in ("pricelist", "scheme", "limit"))


@pytest.fixture
def maker(acme):
    with tenant_active(acme):
        a_product("SOY")
        return a_manufacturer()


@pytest.fixture
def director(acme, maker):
    return signed_in(a_member_of(acme, user=a_user(language="en")))


def soy(acme):
    with tenant_active(acme):
        return str(PriceEntry._meta.get_field("product").related_model.objects.get(sku="SOY").id)


def a_form(maker, product, **values):
    return {
        "seller": str(maker.id),
        "code": "BASE",
        "name": "",
        "audience_kind": "everyone",
        "audience_value": "",
        "priority": 0,
        "tax_included": "on",
        "starts_on": "",
        "until": "",
        "entries-TOTAL_FORMS": 1,
        "entries-INITIAL_FORMS": 0,
        "entries-0-product": product,
        "entries-0-price": "60.5",
        "entries-0-per": 1,
        "entries-0-min_qty": 0,
    } | values


def errors(page):
    return page.context["adminform"].form.errors


def act(client, path, action, row):
    return client.post(path, {"action": action, "_selected_action": [str(row.id)]}, follow=True)


def told(page):
    return [str(message) for message in page.context["messages"]]


def test_a_list_is_drafted_published_and_then_read_only(acme, maker, director):
    assert director.post(f"{LISTS}add/", a_form(maker, soy(acme))).status_code == 302
    with tenant_active(acme):
        made = PriceList.objects.get()
        assert (made.state, PriceEntry.objects.get().price) == ("draft", Decimal("60.5"))
        tried(made.id, by=the_system(), at=timezone.now())
    finance = signed_in(a_member_of(acme, role="finance"))
    page = act(director, LISTS, "publish", made)
    assert "waits for the approval of a second person" in told(page)[-1]
    with tenant_active(acme):
        assert PriceList.objects.get().state == "draft"
    approve_on_screen(finance, acme)
    with tenant_active(acme):
        assert PriceList.objects.get().state == "published"
    page = director.get(f"{LISTS}{made.id}/change/")
    assert "entries-0-min_qty" not in page.content.decode()
    assert director.post(f"{LISTS}{made.id}/change/", a_form(maker, soy(acme))).status_code == 403
    act(director, LISTS, "new_version", made)
    with tenant_active(acme):
        assert PriceList.objects.filter(code="BASE", version=2, state="draft").exists()


def test_a_refused_publication_is_told(acme, maker, director):
    with tenant_active(acme):
        made = a_price_list(maker, {}, state="draft")
    page = act(director, LISTS, "publish", made)
    assert "without prices" in told(page)[0]


def test_mistakes_are_said_at_their_fields(acme, maker, director):
    page = director.post(f"{LISTS}add/", a_form(maker, soy(acme), audience_kind="tag", audience_value="nope"))
    assert set(errors(page)) == {"audience_value"}
    ended = a_form(maker, soy(acme), starts_on="2026-11-22", until="2026-11-01")
    assert "It ends before it starts" in errors(director.post(f"{LISTS}add/", ended))["until"][0]
    with tenant_active(acme):
        assert not PriceList.objects.exists()


def test_a_list_of_a_dealer_is_read_only_for_the_manufacturer(acme, maker, director):
    with tenant_active(acme):
        dealer = a_party("dealer")
        theirs = a_price_list(dealer, {}, state="draft")
        form = a_form(dealer, soy(acme))
    assert director.post(f"{LISTS}{theirs.id}/change/", form).status_code == 403
    assert "seller" in errors(director.post(f"{LISTS}add/", form))


def test_long_lists_are_not_put_into_a_form(acme, maker, director):
    with tenant_active(acme):
        made = a_price_list(maker, {a_product(): n for n in range(1, 202)}, state="draft")
    page = director.get(f"{LISTS}{made.id}/change/")
    assert "entries-0-min_qty" not in page.content.decode()
    assert director.get("/admin/pricing/priceentry/").status_code == 200


def test_a_scheme_is_published_and_withdrawn_but_not_drafted(acme, maker, director):
    assert director.get(f"{SCHEMES}add/").status_code == 403
    with tenant_active(acme):
        scheme = a_scheme(maker, "step", {"steps": [{"from": "1", "percent_off": "0.1"}]}, state="draft")
    page = director.get(f"{SCHEMES}{scheme.id}/change/")
    assert "percent_off" not in page.content.decode()
    finance = signed_in(a_member_of(acme, role="finance"))
    act(director, SCHEMES, "publish", scheme)
    approve_on_screen(finance, acme)
    act(director, SCHEMES, "withdraw", scheme)
    with tenant_active(acme):
        assert Scheme.objects.get().state == "withdrawn"


def test_a_limit_is_checked_on_the_form(acme, maker, director):
    form = {
        "seller": str(maker.id),
        "product": soy(acme),
        "clause": "4.2",
        "floor": "9",
        "ceiling": "8",
        "action": "block",
    }
    assert set(errors(director.post(f"{LIMITS}add/", form))) == {"ceiling"}
    assert director.post(f"{LIMITS}add/", form | {"ceiling": "10"}).status_code == 302
    with tenant_active(acme):
        assert Limit.objects.get().ceiling == 10


@pytest.mark.parametrize(("role", "reads"), [("finance", True), ("supervisor", False), ("warehouse", False)])
def test_roles_decide(acme, maker, role, reads):
    with tenant_active(acme):
        client = signed_in(a_membership(maker, role))
        made = a_price_list(maker, {}, state="draft")
        a_scheme(maker, "special_price", {"price": "1"})
    for path in (LISTS, SCHEMES, LIMITS):
        assert client.get(path).status_code == (200 if reads else 403)
        assert client.get(f"{path}add/").status_code == 403
    act(client, LISTS, "publish", made)
    with tenant_active(acme):
        assert PriceList.objects.get().state == "draft"


def test_another_tenants_lists_are_not_there(acme, bolt, maker):
    with tenant_active(acme):
        made = a_price_list(maker, {})
    stranger = signed_in(a_member_of(bolt))
    assert str(made.code) not in stranger.get(LISTS).content.decode()
    assert stranger.get(f"{LISTS}{made.id}/change/").status_code == 302
