"""The dry run of a price list, and what publishing demands of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rights import NotAllowed, the_system
from alliance.models import SpreadTerm
from alliance.operations.evidence import NewEvidence, record_evidence
from audit.models import AuditEntry
from jobs.models import Job
from ordering.models import Cart
from ordering.operations.placing import place_order
from pricing.models import DryRun, Limit, PriceList
from pricing.operations.dry_run.running import MAX_STORED, dry_run_step, request_dry_run
from pricing.operations.price_lists import edit_price_list, publish_price_list, set_entries
from pricing.queries.dry_run.impact import price_impact
from tenancy.rooms import price_list_checks, resolve
from tests import factories as make
from tests.approving import a_person, approved
from tests.pricing.dry_running import findings, tried
from tests.refusing import refused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = date(2026, 6, 1)


@pytest.fixture
def maker(in_acme):
    return make.a_manufacturer()


@pytest.fixture
def director(maker):
    return a_person(maker, "director")


@pytest.fixture
def finance(maker):
    return a_person(maker, "finance")


@pytest.fixture
def soy(in_acme):
    return make.a_product("SOY")


@pytest.fixture
def dealer(maker):
    return make.a_party("dealer", parent=maker)


def a_draft(seller, prices, audience=("everyone", ""), **values):
    return make.a_price_list(seller, prices, audience=audience, state="draft", **values)


def promised(product, dealer, member, *, guaranteed="2.358", advised="10"):
    contract = make.a_contract(dealer, member, state="draft")
    SpreadTerm.objects.create(
        contract=contract, product=product, clause="3.2", guaranteed=guaranteed, advised_resale=advised
    )
    return make.in_force(contract)


def test_a_members_list_that_breaks_a_guaranteed_spread_is_refused_until_it_has_a_reason(
    maker, director, finance, soy, dealer
):
    member = make.a_party("member", parent=dealer)
    contract = promised(soy, dealer, member)
    facts = {"product": str(soy.id), "qty": 40, "spread": "2.4"}
    record_evidence([NewEvidence(contract.id, "spread", "s", date(2026, 5, 20), True, facts=facts)])
    draft = a_draft(maker, {soy: "9.97"}, ("level", "member"))
    run = tried(draft.id, by=director, at=NOW)
    (found,) = findings(run, "spread")
    assert found.facts["clause"] == f"{contract.code}/3.2"
    assert (found.facts["spread"], found.facts["shortfall"]) == ("0.0300", "2.3280")
    assert (run.breaking, run.owed) == (1, D("93.12"))
    assert found.party_id == member.id
    with refused("breaking_change", "reason") as refusal:
        publish_price_list(price_list_id=draft.id, by=director, at=NOW)
    assert refusal.value.details["owed"] == "93.12"
    draft.refresh_from_db()
    assert draft.state == "draft"
    waiting = publish_price_list(price_list_id=draft.id, by=director, at=NOW, reason="raw materials")
    labels = {row["label"]: row["new"] for row in waiting.changes}
    assert labels["Reason of the publication"] == "raw materials"
    assert labels["Owed each month"] == "93.12"
    approved(waiting, by=finance, at=NOW)
    draft.refresh_from_db()
    run.refresh_from_db()
    assert draft.state == "published"
    assert (run.reason, run.published_by) == ("raw materials", director.label)
    entry = AuditEntry.objects.get(action="price_list.publish")
    assert (entry.facts["reason"], entry.facts["owed"]) == ("raw materials", "93.12")


def test_a_dealers_price_below_the_factorys_inverts_the_ladder(maker, director, soy, dealer):
    make.a_price_list(maker, {soy: "6"})
    draft = a_draft(maker, {soy: "0.01"}, ("level", "dealer"))
    run = tried(draft.id, by=director, at=NOW)
    (found,) = findings(run, "ladder")
    assert found.is_breaking
    assert found.facts["inversions"] == [{"before": "factory", "step": "dealer", "gap": "5.9900"}]
    assert run.figures["change"]["sharp"] == 1
    with refused("breaking_change", "reason"):
        publish_price_list(price_list_id=draft.id, by=director, at=NOW)


def test_a_dealers_own_list_is_advised_and_never_refused(maker, soy, dealer):
    make.a_price_list(maker, {soy: "6"})
    member = make.a_party("member", parent=dealer)
    promised(soy, dealer, member)
    owner = a_person(dealer, "owner")
    for price, kind in (("0.01", "ladder"), ("9.97", "spread")):
        draft = a_draft(
            dealer, {soy: price}, ("level", "member"), code=f"OWN-{kind}", priority=kind == "spread"
        )
        run = tried(draft.id, by=owner, at=NOW)
        (found,) = findings(run, kind)
        assert not found.is_breaking
        assert run.breaking == 0
        done = publish_price_list(price_list_id=draft.id, by=owner, at=NOW)
        assert done.state == "published"


def test_nobody_else_sees_what_a_dealer_tried(maker, director, soy, dealer):
    owner = a_person(dealer, "owner")
    run = tried(a_draft(dealer, {soy: "5"}).id, by=owner, at=NOW)
    assert list(DryRun.objects.visible_to(owner)) == [run]
    neighbour = a_person(make.a_party("dealer", parent=maker), "owner")
    for other in (director, neighbour, a_person(dealer, "sales_rep")):
        assert not DryRun.objects.visible_to(other).exists()
    assert not Job.objects.visible_to(neighbour).exists()
    with pytest.raises(NotAllowed):
        request_dry_run(price_list_id=run.price_list_id, by=director, at=NOW)


def test_lower_advice_for_dealers_breaks_spreads_of_their_members(maker, director, soy, dealer):
    contract = promised(soy, dealer, make.a_party("member", parent=dealer), guaranteed="2", advised="10")
    other = make.a_party("dealer", parent=maker)
    promised(soy, other, make.a_party("member", parent=other), guaranteed="2", advised="10")
    facts = {"product": str(soy.id), "qty": 10, "spread": "2.5"}
    record_evidence([NewEvidence(contract.id, "spread", "s", date(2026, 5, 20), True, facts=facts)])
    make.a_price_list(maker, {soy: "6"}, audience=("level", "dealer"), code="D")
    draft = a_draft(maker, {soy: "6"}, ("level", "dealer"), code="D", version=2)
    draft.entries.update(advised_resale="9.2")
    run = tried(draft.id, by=director, at=NOW)
    (found,) = findings(run, "spread")
    assert (found.facts["spread"], found.amount, found.is_breaking) == ("1.7000", D("3.00"), True)
    draft.entries.update(advised_resale="10")
    assert findings(tried(draft.id, by=director, at=NOW), "spread") == []


def test_what_was_broken_before_is_listed_and_breaks_nothing_new(maker, director, soy, dealer):
    promised(soy, dealer, make.a_party("member", parent=dealer))
    make.a_price_list(maker, {soy: "9.97"}, audience=("level", "member"), code="M")
    make.a_price_list(maker, {soy: "9.99"}, audience=("level", "dealer"), code="D")
    draft = a_draft(maker, {soy: "9.96"}, ("level", "member"), code="M", version=2)
    run = tried(draft.id, by=director, at=NOW)
    (spread,), (ladder,) = findings(run, "spread"), findings(run, "ladder")
    assert spread.facts["before"] == "0.0300"
    assert not spread.is_breaking
    assert ladder.is_breaking


def test_the_ladder_of_a_draft_for_a_tier_stands_at_the_step_of_its_buyers(maker, director, soy, dealer):
    make.a_tier("core")
    make.a_party("dealer", parent=maker, tier=make.a_tier("core"))
    make.a_price_list(maker, {soy: "7"}, audience=("level", "manufacturer"))
    make.a_price_list(maker, {soy: "8"}, audience=("level", "dealer"))
    draft = a_draft(maker, {soy: "6.50"}, ("tier", "core"))
    draft.entries.update(advised_resale="6")
    (found,) = findings(tried(draft.id, by=director, at=NOW), "ladder")
    assert found.facts["steps"] == {"factory": "7.0000", "dealer": "6.5000", "outlet": "6.0000"}
    assert [one["step"] for one in found.facts["inversions"]] == ["dealer", "outlet"]


def test_limits_shadows_orders_and_carts_are_found(maker, director, soy, dealer):
    other = make.a_party("dealer", parent=maker, tier=make.a_tier("core"))
    make.a_price_list(maker, {soy: "10"}, audience=("level", "dealer"), code="D")
    make.a_price_list(maker, {soy: "9"}, audience=("tier", "core"), code="T")
    at = NOW - timedelta(days=30)
    for buyer in (dealer, other):
        place_order(seller_id=maker.id, buyer_id=buyer.id, lines=[("SOY", 3)], by=the_system(), at=at)
        Cart.objects.create(seller=maker, buyer=buyer, lines=[{"sku": "SOY", "qty": 1}], saved_at=NOW)
    Limit.objects.create(seller=maker, product=soy, clause="P1", action="block", floor="9.50")
    Limit.objects.create(
        seller=maker, product=soy, clause="P2", action="advise", ceiling="9", contract_code="C"
    )
    draft = a_draft(maker, {soy: "8"}, ("level", "dealer"), code="D", version=2)
    run = tried(draft.id, by=director, at=NOW)
    (limit,) = findings(run, "limit")
    assert (limit.facts["clause"], limit.facts["buyers"]) == ("P1", 1)
    (shadow,) = findings(run, "shadow")
    assert shadow.facts == {"min_qty": 0, "buyers": 1, "audience": 2, "lists": ["T"]}
    (order,), (cart,), (replayed,) = (findings(run, kind) for kind in ("order", "cart", "replay"))
    assert order.party_id == cart.party_id == replayed.party_id == dealer.id
    assert (replayed.amount, replayed.facts["percent"]) == (D("-6.00"), "-20.0")
    figures = run.figures["replay"]
    assert (figures["lines"], figures["repriced"], figures["more"]) == (2, 1, "-6.00")
    assert figures["cheaper"][0]["product_id"] == str(soy.id)
    assert run.figures["change"]["buyers"] == 1
    assert run.breaking == 0


def test_a_draft_edited_after_its_dry_run_is_run_again(maker, director, soy, dealer):
    draft = a_draft(maker, {soy: "8"})
    with refused("dry_run_missing", "dry_run"):
        publish_price_list(price_list_id=draft.id, by=director, at=NOW)
    tried(draft.id, by=director, at=NOW)
    set_entries(price_list_id=draft.id, entries=[{"sku": "SOY", "price": "9"}], by=director, at=NOW)
    with refused("dry_run_outdated", "dry_run"):
        publish_price_list(price_list_id=draft.id, by=director, at=NOW)
    tried(draft.id, by=director, at=NOW)
    draft.priority = 5
    edit_price_list(price_list=draft, by=director, at=NOW)
    with refused("dry_run_outdated", "dry_run"):
        publish_price_list(price_list_id=draft.id, by=director, at=NOW)
    tried(draft.id, by=director, at=NOW)
    with refused("dry_run_outdated", "dry_run"):
        publish_price_list(price_list_id=draft.id, by=director, at=NOW + timedelta(days=8))


def test_a_draft_edited_while_its_dry_run_is_running_ends_it(maker, director, soy):
    draft = a_draft(maker, {soy: "8"})
    run = request_dry_run(price_list_id=draft.id, by=director, at=NOW)
    assert request_dry_run(price_list_id=draft.id, by=director, at=NOW) == run
    job = Job.objects.get(id=run.job_id)
    job.cursor = dry_run_step(job).cursor
    set_entries(price_list_id=draft.id, entries=[{"sku": "SOY", "price": "9"}], by=director, at=NOW)
    with refused("dry_run_outdated"):
        dry_run_step(job)
    assert request_dry_run(price_list_id=draft.id, by=director, at=NOW) != run


def test_of_two_who_publish_one_wins_and_the_other_is_told(maker, soy, dealer):
    first, second = a_person(dealer, "owner"), a_person(dealer, "owner")
    draft = a_draft(dealer, {soy: "8"})
    tried(draft.id, by=first, at=NOW)
    assert publish_price_list(price_list_id=draft.id, by=first, at=NOW).state == "published"
    with refused("wrong_state"):
        publish_price_list(price_list_id=draft.id, by=second, at=NOW)


def test_a_breaking_list_is_published_by_a_person_with_the_right(maker, director, finance, soy, dealer):
    promised(soy, dealer, make.a_party("member", parent=dealer))
    draft = a_draft(maker, {soy: "9.97"}, ("level", "member"))
    tried(draft.id, by=director, at=NOW)
    with refused("not_allowed"):
        publish_price_list(price_list_id=draft.id, by=finance, at=NOW, reason="x")
    with refused("too_long", "reason"):
        publish_price_list(price_list_id=draft.id, by=director, at=NOW, reason="x" * 501)
    nobody = make.an_actor(maker)
    with refused("not_allowed"):
        publish_price_list(price_list_id=draft.id, by=nobody, at=NOW, reason="x")
    done = publish_price_list(price_list_id=draft.id, by=the_system(), at=NOW)
    assert done.state == "published"


def test_only_drafts_with_prices_are_tried(maker, director, soy):
    with refused("wrong_state"):
        request_dry_run(price_list_id=make.a_price_list(maker, {soy: 1}).id, by=director, at=NOW)
    with refused("empty", "entries"):
        request_dry_run(price_list_id=a_draft(maker, {}).id, by=director, at=NOW)
    with refused("not_found", "price_list"):
        request_dry_run(price_list_id=soy.id, by=director, at=NOW)


def test_the_statements_are_as_many_for_any_number_of_rows_and_buyers(maker, director, soy, dealer):
    def statements(draft):
        stored = PriceList.objects.select_related("seller").get(id=draft.id)
        with CaptureQueriesContext(connection) as caught:
            impact = price_impact(stored, today=TODAY)
            for check in price_list_checks().values():
                resolve(check.check)(impact)
        return len(caught)

    member = make.a_party("member", parent=dealer)
    promised(soy, dealer, member)
    few = statements(a_draft(maker, {soy: "9.97"}))
    more = [make.a_product() for _one in range(30)]
    for _one in range(20):
        one = make.a_party("dealer", parent=maker)
        promised(soy, one, make.a_party("member", parent=one))
    assert statements(a_draft(maker, dict.fromkeys([soy, *more], "9.97"))) == few


def test_the_number_of_stored_findings_is_limited(maker, director, soy, dealer, monkeypatch):
    monkeypatch.setattr("pricing.operations.dry_run.running.MAX_STORED", 2)
    assert MAX_STORED > 2
    products = [make.a_product() for _one in range(5)]
    run = tried(a_draft(maker, dict.fromkeys(products, "5")).id, by=director, at=NOW)
    assert len(findings(run, "change")) == 2
    assert run.figures["change"]["count"] == 5
