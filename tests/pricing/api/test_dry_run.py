"""The dry run and the publication of a price list at the API."""

import pytest
from django.utils import timezone

from accounts.rights import the_system
from alliance.models import SpreadTerm
from kernel.periods import months_after
from tenancy.context import tenant_active
from tests.api_client import ApiClient
from tests.factories import a_contract, a_manufacturer, a_party, a_price_list, a_product, in_force
from tests.people import a_membership
from tests.pricing.dry_running import tried

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(acme):
    with tenant_active(acme):
        maker = a_manufacturer()
        dealer = a_party("dealer", parent=maker)
        member = a_party("member", parent=dealer)
        soy = a_product("SOY")
        today = timezone.localdate()
        contract = a_contract(dealer, member, starts_on=today, until=months_after(today, 12), state="draft")
        SpreadTerm.objects.create(
            contract=contract, product=soy, clause="3.2", guaranteed="2.358", advised_resale="10"
        )
        in_force(contract)
        a_price_list(maker, {soy: "6"})
        ours = a_price_list(maker, {soy: "9.97"}, audience=("level", "member"), state="draft")
        theirs = a_price_list(dealer, {soy: "0.01"}, audience=("level", "member"), state="draft")
        people = [a_membership(maker, role) for role in ("director", "finance")]
        issuer = people[0].user
        return (
            acme,
            ApiClient(acme, maker, "director", issuer=issuer),
            ApiClient(acme, dealer, "owner"),
            ours,
            theirs,
        )


def try_(tenant, row):
    with tenant_active(tenant):
        tried(row.id, by=the_system(), at=timezone.now())


def test_the_manufacturers_breaking_list_needs_a_reason(world):
    tenant, maker, dealer, ours, _theirs = world
    path = f"price-lists/{ours.id}"
    assert maker.get(f"{path}/dry-run").status_code == 404
    missing = maker.post(f"{path}/publish", {})
    assert (missing.status_code, missing.json()["code"]) == (409, "dry_run_missing")
    requested = maker.post(f"{path}/dry-run", {})
    assert (requested.status_code, requested.json()["is_finished"]) == (202, False)
    try_(tenant, ours)
    run = maker.get(f"{path}/dry-run").json()
    assert (run["is_current"], run["breaking"], run["figures"]["spread"]["contracts"]) == (True, 1, 1)
    (found,) = maker.get(f"{path}/dry-run/findings", {"kind": "spread"}).json()["results"]
    assert found["facts"]["clause"].endswith("/3.2")
    assert found["facts"]["spread"] == "0.0300"
    refused = maker.post(f"{path}/publish", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "breaking_change")
    waiting = maker.post(f"{path}/publish", {"reason": "by agreement"})
    assert (waiting.status_code, waiting.json()["state"]) == (202, "pending")
    for what in ("dry-run", "publish"):
        assert dealer.post(f"{path}/{what}", {}).status_code == 404
    assert dealer.get(f"{path}/dry-run").status_code == 404
    assert dealer.get(f"{path}/dry-run/findings").json()["results"] == []


def test_a_dealers_own_list_is_published_whatever_is_found(world):
    tenant, maker, dealer, _ours, theirs = world
    path = f"price-lists/{theirs.id}"
    try_(tenant, theirs)
    run = dealer.get(f"{path}/dry-run").json()
    assert (run["breaking"], run["figures"]["ladder"]["count"]) == (0, 1)
    assert maker.get(f"{path}/dry-run").status_code == 404
    assert maker.get(f"{path}/dry-run/findings").json()["results"] == []
    done = dealer.post(f"{path}/publish", {})
    assert (done.status_code, done.json()["state"]) == (200, "published")
    again = dealer.post(f"{path}/publish", {})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
