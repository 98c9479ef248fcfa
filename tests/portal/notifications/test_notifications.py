"""Events reach the people whom they concern, by their rights in the parties concerned, once."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Message
from accounts.queries.inbox import inbox
from accounts.rights import Actor, the_system
from dealers.models import Region, TierMonth
from dealers.operations.territories import create_territory, grant_territory
from jobs.models import Job, OutboxDue, OutboxMessage
from jobs.operations import jobs, outbox
from ledger.models import Book
from ordering.operations.cancelling import cancel_order
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.return_requests import request_return
from ordering.operations.returns import ReturnPart, take_back
from ordering.operations.shipping import ship
from rebates.models import Settlement, Statement
from tenancy.context import active_tenant_id
from tests.alliance.world import HUIZHOU, World
from tests.approving import acting, approved
from tests.factories import a_manufacturer, a_party, a_price_list, a_product, a_program, a_tier, an_actor
from tests.ordering.trade import AT, a_trade
from tests.people import a_membership, a_user
from tests.pricing.dry_running import publish_tried

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _inside(in_acme, monkeypatch, settings):
    settings.MESSAGE_PROVIDERS = {"mail": "", "sms": "", "webhook": ""}
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


def relay(twice=False):
    """What the workers do with the messages of the outbox, each topic's as often as it is found."""
    for message_id in OutboxDue.objects.order_by("created_at", "id").values_list("id", flat=True):
        row = OutboxMessage.objects.filter(id=message_id).values("topic", "body").get()
        outbox.deliver(tenant_id=active_tenant_id(), message_id=message_id, at=NOW)
        if twice:
            for handler in outbox._handlers[row["topic"]]:
                handler(row["body"], NOW)


def told(membership) -> list[str]:
    rows = Message.objects.filter(person_id=membership.user_id, party_id=membership.party_id)
    return list(rows.order_by("id").values_list("topic", flat=True))


def texts(membership) -> list[tuple[str, str]]:
    actor = Actor(membership.party_id, membership.party_kind, membership.role, membership.user_id)
    return [(one.title, one.body) for one in inbox(by=actor).rows]


@pytest.fixture
def trade():
    return a_trade()


@pytest.fixture
def seller(trade):
    return a_membership(trade.seller, "director")


@pytest.fixture
def buyer(trade):
    return a_membership(trade.buyer, "owner")


def test_who_handles_goods_alone_is_told_of_no_money(trade, seller, buyer):
    porters = [a_membership(trade.seller, "warehouse"), a_membership(trade.buyer, "warehouse")]
    order = trade.place(("A", 10))
    confirm_order(order_id=order.id, by=the_system(), at=AT)
    shipment = ship(order_id=order.id, by=the_system(), at=AT)
    deliver(shipment_id=shipment.id, signed_by="梁师傅", by=the_system(), at=AT)
    take_back(order_id=order.id, lines=[(1, 2)], by=the_system(), at=AT, reason="damaged", source="r1")
    relay(twice=True)
    assert told(porters[0]) == ["ordering.delivered"]
    assert told(porters[1]) == ["ordering.shipped", "ordering.returned"]
    rows = Message.objects.filter(person_id__in=[one.user_id for one in porters])
    assert not any("money" in str(row.params) for row in rows)
    assert not any(".00" in body or "%(" in body for one in porters for _title, body in texts(one))
    assert any("50.00" in body for _title, body in texts(buyer))


def test_an_order_is_told_of_on_its_whole_way(trade, seller, buyer):
    order = trade.place(("A", 10))
    confirm_order(order_id=order.id, by=the_system(), at=AT)
    shipment = ship(order_id=order.id, by=the_system(), at=AT)
    deliver(shipment_id=shipment.id, signed_by="梁师傅", by=the_system(), at=AT)
    request_return(
        order_id=order.id, lines=[ReturnPart(1, 2)], reason="damaged", by=an_actor(trade.buyer), at=AT
    )
    back = take_back(order_id=order.id, lines=[(1, 2)], by=the_system(), at=AT, reason="damaged", source="r1")
    relay(twice=True)
    assert told(seller) == ["ordering.placed", "ordering.delivered", "ordering.return_asked"]
    assert told(buyer) == ["ordering.confirmed", "ordering.shipped", "ordering.returned"]
    assert any("梁师傅" in body for _title, body in texts(seller))
    assert any(back.number in title for title, _body in texts(buyer))
    assert not any(
        "%(" in text or "—" in text for one in (seller, buyer) for both in texts(one) for text in both
    )


def test_only_those_are_told_whose_role_has_to_do_with_it(trade, buyer):
    finance, clerk = a_membership(trade.seller, "finance"), a_membership(trade.buyer, "warehouse")
    stranger = a_membership(a_party(), "owner")
    gone = a_membership(trade.seller, "director")
    gone.user.is_active = False
    gone.user.save()
    withdrawn = a_membership(trade.seller, "director")
    withdrawn.is_active = False
    withdrawn.save()
    order = trade.place(("A", 1))
    confirm_order(order_id=order.id, by=the_system(), at=AT)
    ship(order_id=order.id, by=the_system(), at=AT)
    relay()
    for one in (finance, stranger, gone, withdrawn):
        assert told(one) == []
    assert told(clerk) == ["ordering.shipped"]


def test_a_region_manager_is_told_of_the_own_regions(trade, seller):
    near, far = (a_membership(trade.seller, "region_manager", user=a_user()) for _ in range(2))
    by = an_actor(trade.seller)
    trade.buyer.region = Region.objects.get(code="441302")
    trade.buyer.save()
    for manager, code in ((near, "4413"), (far, "4401")):
        drawn = create_territory(code=code, name=code, regions=[code], by=by, at=NOW)
        grant_territory(territory=drawn, to=manager.user, by=by, at=NOW)
    trade.place(("A", 1))
    relay()
    assert told(near) == told(seller) == ["ordering.placed"]
    assert told(far) == []


def test_a_cancelled_order_is_told_to_the_other_side(trade, seller, buyer):
    first, second = trade.place(("A", 1)), trade.place(("A", 1))
    cancel_order(order_id=first.id, by=an_actor(trade.buyer), at=AT)
    cancel_order(order_id=second.id, by=an_actor(trade.seller), at=AT)
    relay()
    assert told(seller).count("ordering.cancelled") == 1
    assert told(buyer).count("ordering.cancelled") == 1


def test_a_held_order_is_told_to_both(trade, seller, buyer):
    trade.place(("A", 1))
    Book.objects.update(credit_limit=1)
    order = trade.place(("A", 10))
    assert order.state == "held"
    relay()
    assert "ordering.held" in told(seller)
    assert "ordering.held" in told(buyer)


def test_the_three_of_a_contract_are_told_of_each_step():
    world = World()
    contract = world.submit(("soy", HUIZHOU))
    three = [a_membership(one) for one in (contract.manufacturer, contract.dealer, contract.member)]
    reader = a_membership(contract.dealer, "finance")
    world.sign(contract)
    relay(twice=True)
    for one in three:
        assert told(one)[0] == "alliance.submitted"
        assert told(one).count("alliance.signed") == 2
        assert told(one)[-1] == "alliance.activated"
    assert told(reader) == ["alliance.activated"]


def test_a_settlement_is_told_to_finance_and_each_partner_of_their_own():
    seller = a_manufacturer()
    partners = [a_party(parent=seller) for _ in range(3)]
    program = a_program(seller, [(0, "0.01")])
    settlement = Settlement.objects.create(
        program=program, starts_on=date(2026, 1, 1), until=date(2026, 4, 1), parties=2, due="12.50"
    )
    for one in partners[:2]:
        Statement.objects.create(
            settlement=settlement, party=one, base=0, cumulative=0, earned=0, due=0, why={}
        )
    people = [a_membership(one) for one in partners]
    finance = a_membership(seller, "finance")
    outbox.announce("rebates.settled", {"settlement_id": str(settlement.id)}, at=NOW)
    relay(twice=True)
    assert told(finance) == ["rebates.settled"]
    assert [told(one) for one in people] == [["rebates.statement"], ["rebates.statement"], []]
    assert any("12.50" in body for _title, body in texts(finance))


def test_a_new_tier_is_told_to_whom_it_is_of():
    maker = a_manufacturer()
    core, plain = a_tier("core"), a_tier("plain")
    up, same = a_party(parent=maker), a_party(parent=maker)
    for party, before, tier, move in ((up, plain, core, "promote"), (same, core, core, "stay")):
        TierMonth.objects.create(
            party=party, month=date(2026, 6, 1), before=before, tier=tier, move=move, score="80"
        )
    people = [a_membership(one) for one in (up, same, maker)]
    outbox.announce("dealers.tiers_set", {"month": "2026-06-01"}, at=NOW)
    relay(twice=True)
    assert [told(one) for one in people] == [["dealers.tier_changed"], [], ["dealers.tiers_set"]]


def test_the_end_of_a_job_is_told_to_who_asked_for_it():
    asked = a_membership(a_manufacturer(), "finance")
    other = a_membership(a_manufacturer(), "director")
    job = jobs.request_job("analytics.tier_month", {}, period="2026-06", by=asked.user_id)
    silent = jobs.request_job("analytics.tier_month", {}, period="2026-05")
    for one in (job, silent):
        jobs._end(one.id, Job.State.DONE)
    failed = jobs.request_job("export", {}, by=asked.user_id)
    jobs._end(failed.id, Job.State.FAILED, message="ValueError: x")
    relay(twice=True)
    assert told(asked) == ["jobs.job_done", "jobs.job_failed"]
    assert told(other) == []


def test_a_price_list_is_told_to_its_keepers_and_to_the_buyers_that_it_is_for():
    maker = a_manufacturer()
    meant, other = a_party(parent=maker), a_party(parent=maker)
    product = a_product()
    draft = a_price_list(maker, {product: "5"}, audience=("party", meant.code), state="draft")
    people = [a_membership(one) for one in (maker, meant, other)]
    finance = a_membership(maker, "finance")
    waiting = publish_tried(price_list_id=draft.id, by=acting(people[0]), at=NOW)
    relay(twice=True)
    assert [told(one) for one in (*people, finance)] == [[], [], [], ["approvals.requested"]]
    approved(waiting, by=acting(finance), at=NOW)
    relay(twice=True)
    assert [sorted(told(one)) for one in people] == [
        ["approvals.approved", "pricing.published"],
        ["pricing.published"],
        [],
    ]


@pytest.mark.parametrize(
    ("kind", "value"), [("everyone", ""), ("level", "dealer"), ("region", "44"), ("tag", "x"), ("tier", "x")]
)
def test_every_kind_of_audience_can_be_told(kind, value):
    maker = a_manufacturer()
    buyer = a_membership(a_party(parent=maker, region_id="441302"))
    draft = a_price_list(maker, {a_product(): "5"}, audience=(kind, value), state="draft")
    outbox.announce("pricing.published", {"price_list_id": str(draft.id)}, at=NOW)
    relay()
    assert bool(told(buyer)) is (kind in {"everyone", "level", "region"})
