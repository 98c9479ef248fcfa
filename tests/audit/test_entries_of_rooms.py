"""The chains of work as the trail shows them, action by action, each with who acted and on what."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from accounts.models import SignInPolicy, User
from accounts.operations.sign_in_policy import set_policy
from alliance.models import Contract
from alliance.operations.drafting import NewArea, set_areas, set_spreads
from alliance.operations.ending import end_contract
from alliance.operations.signing import reopen_contract
from alliance.operations.versions import draft_next_version
from analytics.operations.tier_months import request_tier_month
from audit.queries import trail
from catalogue.models import Product
from catalogue.operations.products import add_product, edit_product
from dealers.models import Party
from dealers.operations.invitations import decline_invitation, invite, withdraw_invitation
from dealers.operations.parties import add_party, edit_party
from dealers.operations.people import add_membership, change_role, withdraw
from dealers.operations.territories import create_territory, grant_territory, revoke_territory
from integrations.operations.api_keys import issue_key, revoke_key
from jobs.operations.jobs import resume_job, stop_job
from ledger.models import Book, Journal
from ledger.operations.held_money import move_held_money
from ledger.operations.receipts import receive_payment, set_credit
from ledger.operations.reversal import reverse
from ordering.domain.delivery_windows import WindowPlan
from ordering.models import Order
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import approve_review, release_held
from ordering.operations.delivery_plan import set_delivery_plan
from ordering.operations.return_requests import decline_return, request_return
from ordering.operations.returns import ReturnPart, take_back
from ordering.queries.orders import order_facts
from ordering.queries.timeline import timeline_of
from portal.web.sign_in_policy import lift_lost_factor
from pricing.models import Limit, PriceList, Scheme
from pricing.operations.costs import set_cost
from pricing.operations.entry_changes import EntryChange, change_entries
from pricing.operations.limits import end_limit, set_limit
from pricing.operations.list_copies import copy_price_list, new_version
from pricing.operations.price_lists import (
    draft_price_list,
    edit_price_list,
    set_entries,
    withdraw_price_list,
)
from pricing.operations.schemes import draft_scheme, edit_scheme, publish_scheme, withdraw_scheme
from rebates.models import Program
from rebates.operations.guarantees import request_booking
from rebates.operations.programs import activate_program, end_program
from rebates.operations.settlement_requests import request_due, request_settlement
from tests.alliance.world import HUIZHOU, NOW, World
from tests.approving import by_two
from tests.factories import a_manufacturer, a_party, a_product, a_program, a_tier, an_actor
from tests.ordering.trade import AT, LATER, ME, a_stocked_trade, delivered
from tests.people import a_membership, a_user
from tests.pricing.dry_running import publish_tried

pytestmark = pytest.mark.django_db


BY_TWO = ("approval.request", "approval.approve")


@pytest.fixture
def director(in_acme):
    maker = a_manufacturer()
    return replace(an_actor(maker), user_id=a_membership(maker).user_id)


def actions(*targets):
    return [one.action for one in trail(*targets)]


def test_an_order_from_placing_to_its_return(in_acme):
    trade = a_stocked_trade()
    order = order_facts(delivered(trade, ("A", 10)).id)
    buyer = an_actor(trade.buyer)
    asked = request_return(order_id=order.id, lines=[ReturnPart(1, 1)], reason="damaged", by=buyer, at=LATER)
    decline_return(request_id=asked.id, answer="opened", by=ME, at=LATER)
    take_back(order_id=order.id, lines=[ReturnPart(1, 2)], by=ME, at=LATER)
    entries = list(timeline_of(order.id, [one.id for one in order.shipments]))
    verbs = ["place", "confirm", "ship", "deliver", "request_return", "decline_return", "take_back"]
    assert [one.action for one in entries] == [f"order.{verb}" for verb in verbs]
    assert [one.target for one in entries if one.action == "order.deliver"] == ["ordering.shipment"]
    assert (entries[0].actor, entries[0].facts["number"], entries[0].at) == ("tripact", order.number, AT)
    assert (entries[4].actor, entries[4].party_id) == (buyer.label, trade.buyer.id)


def test_an_order_that_waits_for_prices_or_for_credit(in_acme):
    trade = a_stocked_trade()
    seller, product = trade.seller, trade.products[0]
    limit = Limit.objects.create(seller=seller, product=product, clause="4.2", floor="6", action="review")
    reviewed = trade.place()
    approve_review(order_id=reviewed.id, by=ME, at=AT)
    limit.delete()
    book = Book.objects.get()
    set_credit(book_id=book.id, credit_limit=Decimal(10), by=ME, at=AT)
    held = trade.place()
    set_credit(book_id=book.id, credit_limit=None, by=ME, at=AT)
    release_held(order_id=held.id, by=ME, at=AT)
    cancel_order(order_id=held.id, by=ME, at=AT, reason="late")
    assert actions((Order, reviewed.id)) == ["order.place", "order.approve"]
    assert actions((Order, held.id)) == ["order.place", "order.release", "order.cancel"]
    assert actions(book) == ["book.set_credit", "book.set_credit"]
    assert actions(seller) == ["stock.report"]


def test_money_that_is_received_and_taken_back(in_acme):
    a_stocked_trade().place(("A", 1))
    book = Book.objects.get()
    posted = receive_payment(book_id=book.id, amount=Decimal(5), source="p", by=ME, at=AT)
    receive_payment(book_id=book.id, amount=Decimal(5), source="p", by=ME, at=AT)
    for kind in ("prepayment", "security_deposit", "security_deposit_forfeit"):
        move_held_money(
            kind=kind, book_id=book.id, amount=Decimal(5), source=kind, by=ME, at=AT, memo="clause 9"
        )
    reverse(journal_id=posted.journal_id, by=ME, at=AT)
    assert actions(book) == [
        "book.receive_payment",
        "book.receive_prepayment",
        "book.receive_security_deposit",
        "book.forfeit_security_deposit",
    ]
    assert actions((Journal, posted.journal_id)) == ["journal.reverse"]


def test_a_contract_from_its_draft_to_its_end(in_acme):
    world = World()
    draft = world.draft(("soy", HUIZHOU))
    set_areas(contract_id=draft.id, areas=[NewArea("soy", HUIZHOU)], by=world.director, at=NOW)
    set_spreads(contract_id=draft.id, spreads=[], by=world.director, at=NOW)
    assert actions(draft) == ["contract.draft", "contract.set_areas", "contract.set_spreads"]
    first = world.submit(("soy", HUIZHOU), code="C-2", member=draft.member)
    reopen_contract(contract_id=first.id, by=world.director, at=NOW)
    active = world.active(("oyster", HUIZHOU), code="C-3", member=draft.member)
    next_one = draft_next_version(
        contract_id=active.id, starts_on=date(2026, 9, 1), by=world.director, at=NOW
    )
    by_two(end_contract, contract_id=active.id, reason="moved", by=world.director, at=NOW)
    assert actions(first) == ["contract.draft", "contract.submit", "contract.reopen"]
    assert actions(next_one) == ["contract.draft"]
    verbs = ["draft", "submit", "sign", "sign", "sign", "activate", "draft_next"]
    assert actions((Contract, active.id)) == [
        *(f"contract.{verb}" for verb in verbs),
        *BY_TWO,
        "contract.end",
    ]


def test_a_price_list_a_scheme_and_a_limit(director):
    seller, soy = Party.objects.get(kind="manufacturer"), a_product("SOY")
    rows = [{"sku": "SOY", "price": "60", "per": "1"}]
    draft = PriceList(seller=seller, code="P", name="prices", audience_kind="everyone")
    who = {"by": director, "at": NOW}
    draft_price_list(price_list=draft, entries=rows, **who)
    edit_price_list(price_list=draft, **who)
    set_entries(price_list_id=draft.id, entries=rows, **who)
    change_entries(price_list_id=draft.id, changes=[EntryChange(None, rows[0] | {"min_qty": 9})], **who)
    by_two(publish_tried, price_list_id=draft.id, **who)
    later = new_version(price_list_id=draft.id, **who)
    copied = copy_price_list(price_list_id=draft.id, code="P2", **who)
    withdraw_price_list(price_list_id=draft.id, **who)
    cost = set_cost(sku="SOY", cost=Decimal(3), starts_on=date(2026, 1, 1), **who)
    before, after = ["draft", "edit", "set_entries", "change_entries", "dry_run"], ["publish", "withdraw"]
    assert actions(draft) == [
        *(f"price_list.{verb}" for verb in before),
        *BY_TWO,
        *(f"price_list.{verb}" for verb in after),
    ]
    assert actions(later) == ["price_list.draft_next"]
    assert actions(copied) == ["price_list.copy"]
    assert actions(cost) == ["cost.set"]
    scheme = Scheme(
        seller=seller, code="S", kind="step", terms={"steps": [{"from": "100", "percent_off": "0.1"}]}
    )
    draft_scheme(scheme=scheme, **who)
    edit_scheme(scheme=scheme, **who)
    by_two(publish_scheme, scheme_id=scheme.id, **who)
    withdraw_scheme(scheme_id=scheme.id, **who)
    assert actions(scheme) == ["scheme.draft", "scheme.edit", *BY_TWO, "scheme.publish", "scheme.withdraw"]
    limit = Limit(seller=seller, product=soy, clause="4.2", floor=Decimal(6), action="block")
    set_limit(limit=limit, **who)
    end_limit(limit_id=limit.id, on=date(2026, 9, 1), **who)
    assert actions(limit) == ["limit.set", "limit.end"]


def test_a_program_its_settlement_and_the_months_runs(director):
    who = {"by": director, "at": datetime(2026, 4, 2, tzinfo=UTC)}
    maker = Party.objects.get(kind="manufacturer")
    program = a_program(maker, [(0, "0.10")], state=Program.State.DRAFT)
    by_two(activate_program, program_id=program.id, **who)
    program.refresh_from_db()
    by_two(request_settlement, program=program, starts_on=date(2026, 1, 1), **who)
    job = request_settlement(program=program, starts_on=date(2026, 1, 1), **who)
    assert request_settlement(program=program, starts_on=date(2026, 1, 1), **who) == job
    assert request_due(**who) == []
    stop_job(job, by=director)
    resume_job(job, by=director)
    end_program(program_id=program.id, **who)
    assert actions(program) == [*BY_TWO, "program.activate", *BY_TWO, "program.end"]
    assert sorted(actions(job)) == ["job.resume", "job.stop", "settlement.request"]
    booking = request_booking(month=date(2026, 3, 1), **who)
    assert request_booking(month=date(2026, 3, 1), **who) == booking
    assert actions(booking) == ["guarantee.request_booking"]
    a_tier("base", 0)
    run = request_tier_month(month=date(2026, 3, 1), **who)
    assert request_tier_month(month=date(2026, 3, 1), **who) == run
    assert actions(run) == ["tier.request_run"]


def test_people_parties_territories_and_keys(director):
    who = {"by": director, "at": NOW}
    party = Party(code="D-1", name="恒丰", kind="dealer", parent=Party.objects.get(kind="manufacturer"))
    add_party(party=party, **who)
    edit_party(party=party, **who)
    assert actions(party) == ["party.add", "party.edit"]
    user = a_user()
    membership = add_membership(user=user, party=party, role="owner", **who)
    change_role(membership=membership, role="finance", **who)
    withdraw(membership_id=membership.id, **who)
    verbs = ["admit", "change_role", "withdraw"]
    assert actions(membership) == [f"membership.{verb}" for verb in verbs]
    sent = [invite(party=party, role="owner", username=user.username, **who).invitation for _twice in "12"]
    decline_invitation(invitation_id=sent[1].id, user=user, at=NOW)
    other = invite(party=party, role="owner", username="somebody", **who).invitation
    withdraw_invitation(invitation_id=other.id, **who)
    assert actions(sent[1]) == ["invitation.send", "invitation.decline"]
    assert actions(other) == ["invitation.send", "invitation.withdraw"]
    territory = create_territory(code="ZQ", name="肇庆", regions=["4412"], **who)
    staff = User.objects.get(id=director.user_id)
    grant_territory(territory=territory, to=staff, **who)
    revoke_territory(territory=territory, to=staff, **who)
    assert actions(territory) == ["territory.draw", "territory.grant", "territory.revoke"]
    key = issue_key(party=party, name="ERP", scopes=["order.view"], **who).record
    revoke_key(key_id=key.id, **who)
    assert actions(key) == ["api_key.issue", "api_key.revoke"]


def test_products_and_the_settings_of_the_tenant(director):
    who = {"by": director, "at": NOW}
    product = add_product(product=Product(sku="X", name="生抽", base_unit="瓶"), **who)
    edit_product(product=product, **who)
    assert actions(product) == ["product.add", "product.edit"]
    plan = WindowPlan(((time(8), time(12)),), frozenset({6}), time(16), 2, 14)
    assert actions(set_delivery_plan(plan=plan, version=0, **who)) == ["delivery_plan.set"]
    set_policy(staff_second_factor=True, **who)
    assert actions(SignInPolicy.objects.get()) == ["sign_in.set_policy"]
    person = a_membership(a_party())
    lift_lost_factor(membership_id=person.id, **who)
    assert actions((User, person.user_id)) == ["sign_in.lift_second_factor"]
