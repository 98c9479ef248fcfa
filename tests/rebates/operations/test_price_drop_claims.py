"""The life of a price-drop claim: reply, silence, explanation, decision and posting."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import transaction

from accounts.rights import NotAllowed
from alliance.operations.application_files import FileRefused, SentFile
from approvals.models import Approval
from approvals.operations.deciding import approve
from audit.models import AuditEntry
from ledger.models import Account, Journal
from rebates.models import PriceDropClaim, PriceDropDocument, PriceProtectionPolicy
from rebates.operations.price_drops.deciding import (
    BadClaimDecision,
    apply_claim,
    approve_claim,
    claim_now,
    explain_unmatched,
    refuse_claim,
)
from rebates.operations.price_drops.policies import InvalidPolicy, set_policy
from rebates.operations.price_drops.replies import (
    BadClaimReply,
    ClaimClosed,
    UnknownClaim,
    accept_silent,
    reply_to_claim,
)
from tests.factories import a_party, an_actor
from tests.people import a_membership, a_user
from tests.rebates.price_drops import (
    JUNE,
    MAY,
    SHEET,
    SYSTEM,
    a_claim,
    a_lower_list,
    a_protected_trade,
    another_buyer,
    computed,
    director_of,
    owner_of,
    received,
    sold_down_to,
)

pytestmark = pytest.mark.django_db
LATER = JUNE + timedelta(days=2)


@pytest.fixture(autouse=True)
def _inside(in_acme, monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


@contextmanager
def raising(refusal):
    """The block is refused, and undone as the HTTP layers undo it."""
    with pytest.raises(refusal) as wrong, transaction.atomic():
        yield wrong


def replied(trade, claim, reply="accepted", **given):
    return reply_to_claim(
        **{"claim_id": claim.id, "reply": reply, "by": owner_of(trade), "at": LATER} | given
    )


def two_people(trade):
    """Two people of the manufacturer who decide: the actors of both."""
    found = []
    for role in ("director", "finance"):
        member = a_membership(trade.seller, role, a_user())
        found.append(replace(an_actor(trade.seller, role), user_id=member.user_id))
    return found


def wallet(trade):
    return -Account.objects.get(book__buyer=trade.buyer, kind="rebate_wallet").balance


def test_an_accepted_claim_is_approved_by_two_people_and_posted_once():
    trade, claim = a_claim()
    replied(trade, claim)
    first, second = two_people(trade)
    waiting = approve_claim(claim_id=claim.id, reason="", by=first, at=LATER)
    assert isinstance(waiting, Approval)
    assert not Journal.objects.filter(kind="price_drop").exists()
    approve(approval_id=waiting.id, by=second, at=LATER)
    claim.refresh_from_db()
    assert (claim.state, claim.journal.source) == ("posted", f"price-drop:{claim.id}")
    assert wallet(trade) == D("1780.00")
    assert approve_claim(claim_id=claim.id, reason="", by=first, at=LATER).state == "posted"
    with raising(ClaimClosed):
        apply_claim({"claim_id": str(claim.id), "reason": ""}, by=SYSTEM, at=LATER)
    with raising(ClaimClosed):
        refuse_claim(claim_id=claim.id, reason="no", by=first, at=LATER)
    assert wallet(trade) == D("1780.00")
    assert AuditEntry.objects.filter(action="price_drop.post").count() == 1


def test_a_claim_is_refused_with_a_reason_once():
    trade, claim = a_claim()
    director = director_of(trade)
    with raising(ClaimClosed):
        refuse_claim(claim_id=claim.id, reason="no stock", by=director, at=LATER)
    replied(trade, claim, "disputed", reason="more in transit")
    with raising(BadClaimDecision):
        refuse_claim(claim_id=claim.id, reason=" ", by=director, at=LATER)
    for _again in range(2):
        assert refuse_claim(claim_id=claim.id, reason="no stock", by=director, at=LATER).state == "refused"
    assert not Journal.objects.filter(kind="price_drop").exists()


def test_the_same_reply_again_changes_nothing_and_another_is_refused():
    trade, claim = a_claim()
    replied(trade, claim, "disputed", reason="more")
    assert replied(trade, claim, "disputed", reason=" more ").reply == "disputed"
    with raising(ClaimClosed):
        replied(trade, claim)
    assert AuditEntry.objects.filter(action="price_drop.reply").count() == 1


def test_stated_stock_is_counted_again_with_a_reason_and_a_document():
    trade, claim = a_claim()
    stocks = {"A": 400}
    for refused, field in (
        ({"stocks": {}}, "stocks"),
        ({"stocks": {"X": 1}}, "stocks.X"),
        ({"stocks": {"A": -1}}, "stocks.A"),
        ({"stocks": stocks}, "reason"),
        ({"stocks": stocks, "reason": "counted"}, "documents"),
    ):
        with raising(BadClaimReply) as error:
            replied(trade, claim, "corrected", **refused)
        assert error.value.field == field
    with raising(FileRefused):
        replied(trade, claim, "corrected", stocks=stocks, reason="counted", files=[SentFile("a", b"x")])
    found = replied(trade, claim, "corrected", stocks=stocks, reason="counted", files=[SHEET])
    assert (found.amount, found.unmatched, found.reply) == (D("2500.00"), 50, "corrected")
    assert found.lines.get().stated == 400
    assert PriceDropDocument.objects.get().file_name == "count.pdf"


def test_units_without_a_receipt_are_explained_before_the_claim_is_posted_and_pay_nothing():
    trade, claim = a_claim()
    director = director_of(trade)
    with raising(ClaimClosed):
        explain_unmatched(claim_id=claim.id, answer="bought elsewhere", by=director, at=LATER)
    replied(trade, claim, "corrected", stocks={"A": 351}, reason="counted", files=[SHEET])
    with raising(BadClaimDecision) as error:
        approve_claim(claim_id=claim.id, reason="", by=SYSTEM, at=LATER)
    assert error.value.field == "answer"
    with raising(BadClaimDecision):
        explain_unmatched(claim_id=claim.id, answer=" ", by=director, at=LATER)
    for _again in range(2):
        explain_unmatched(claim_id=claim.id, answer="bought elsewhere", by=director, at=LATER)
    done = approve_claim(claim_id=claim.id, reason="", by=SYSTEM, at=LATER)
    assert (done.state, done.unmatched, done.amount, wallet(trade)) == (
        "posted",
        1,
        D("2500.00"),
        D("2500.00"),
    )


def test_silence_accepts_the_claim_as_computed():
    trade, claim = a_claim()
    assert accept_silent(by=SYSTEM, at=JUNE + timedelta(days=7)) == 0
    with raising(ClaimClosed):
        replied(trade, claim, at=JUNE + timedelta(days=8))
    assert accept_silent(by=SYSTEM, at=JUNE + timedelta(days=8)) == 1
    claim.refresh_from_db()
    assert (claim.state, claim.reply, claim.amount) == ("replied", "silent", D("1780.00"))
    assert accept_silent(by=SYSTEM, at=JUNE + timedelta(days=9)) == 0


def test_a_buyer_without_figures_states_its_stock_without_a_document():
    trade = a_protected_trade()
    other = another_buyer(trade, "D2")
    received(other, 10, MAY)
    (claim,) = computed(a_lower_list(trade, {trade.products[0]: "92.00"}))
    with raising(BadClaimReply):
        replied(other, claim)
    found = replied(other, claim, "corrected", stocks={"A": 6})
    assert (found.amount, found.unknown, found.state) == (D("48.00"), 0, "replied")


def test_all_products_without_figures_are_stated():
    trade = a_protected_trade()
    other = another_buyer(trade, "D2")
    received(other, 10, MAY)
    received(other, 10, MAY, sku="B")
    a, b = trade.products
    (claim,) = computed(a_lower_list(trade, {a: "92.00", b: "40.00"}))
    with raising(BadClaimReply) as error:
        replied(other, claim, "corrected", stocks={"A": 6})
    assert error.value.field == "stocks.B"
    assert replied(other, claim, "corrected", stocks={"A": 6, "B": 0}).amount == D("48.00")


def test_a_buyer_without_figures_that_stays_silent_gets_nothing():
    trade = a_protected_trade()
    received(another_buyer(trade, "D2"), 10, MAY)
    (claim,) = computed(a_lower_list(trade, {trade.products[0]: "92.00"}))
    accept_silent(by=SYSTEM, at=JUNE + timedelta(days=8))
    claim.refresh_from_db()
    assert (claim.state, claim.reply) == ("nothing", "silent")
    with raising(ClaimClosed):
        approve_claim(claim_id=claim.id, reason="", by=SYSTEM, at=LATER)


def test_nothing_due_is_not_approved():
    trade, claim = a_claim()
    replied(trade, claim, "corrected", stocks={"A": 0}, reason="sold", files=[SHEET])
    with raising(BadClaimDecision) as error:
        approve_claim(claim_id=claim.id, reason="", by=SYSTEM, at=LATER)
    assert error.value.field == "amount"


def test_only_the_partner_replies_and_only_the_seller_decides():
    trade, claim = a_claim()
    stranger = a_party(parent=trade.seller, code="D9")
    with raising(UnknownClaim):
        replied(trade, claim, by=an_actor(stranger))
    with raising(NotAllowed):
        replied(trade, claim, by=director_of(trade))
    with raising(NotAllowed):
        replied(trade, claim, by=SYSTEM)
    replied(trade, claim)
    for act in (approve_claim, refuse_claim):
        with raising(NotAllowed):
            act(claim_id=claim.id, reason="mine", by=owner_of(trade), at=LATER)
    with raising(UnknownClaim):
        approve_claim(claim_id=claim.id, reason="", by=an_actor(stranger), at=LATER)
    with raising(BadClaimReply):
        other_trade_reply(trade)


def other_trade_reply(trade):
    sold_down_to(trade, 9, LATER)
    lower = a_lower_list(trade, {trade.products[0]: "80.00"}, code="Z", priority=5)
    claim = next(one for one in computed(lower, LATER) if one.state == "waiting")
    with raising(BadClaimReply):
        replied(trade, claim, "disputed")
    replied(trade, claim, "perhaps")


def test_a_dealers_claim_is_seen_by_its_two_sides_alone():
    trade, claim = a_claim()
    assert list(PriceDropClaim.objects.visible_to(director_of(trade))) == [claim]
    assert list(PriceDropClaim.objects.visible_to(owner_of(trade))) == [claim]
    assert not PriceDropClaim.objects.visible_to(an_actor(trade.buyer, "warehouse")).exists()
    assert not PriceDropClaim.objects.visible_to(an_actor(trade.seller, "sales_rep")).exists()
    type(claim.drop).objects.update(seller=trade.buyer)
    assert not PriceDropClaim.objects.visible_to(director_of(trade)).exists()


def test_what_an_approval_is_based_on():
    _trade, claim = a_claim()
    assert claim_now({"claim_id": str(claim.id)}) == {
        "state": "waiting",
        "amount": "1780.00",
        "unmatched": 0,
    }
    assert claim_now({"claim_id": str(claim.drop_id)}) == {}


def test_a_policy_is_set_by_its_seller():
    trade = a_protected_trade()
    director = director_of(trade)
    set_policy(policy=PriceProtectionPolicy(lookback_days=30), by=director, at=JUNE)
    stored = PriceProtectionPolicy.objects.get()
    assert (stored.seller_id, stored.lookback_days) == (trade.seller.id, 30)
    dealer = set_policy(policy=PriceProtectionPolicy(share=D("0.5")), by=owner_of(trade), at=JUNE)
    assert list(PriceProtectionPolicy.objects.visible_to(owner_of(trade))) == [dealer]
    for wrong, field in (
        ({"share": D(2)}, "share"),
        ({"min_amount": D(-1)}, "min_amount"),
        ({"cap": D(-1)}, "cap"),
        ({"lookback_days": 99_999}, "lookback_days"),
    ):
        with raising(InvalidPolicy) as error:
            set_policy(policy=PriceProtectionPolicy(**wrong), by=director, at=JUNE)
        assert error.value.field == field
    with raising(NotAllowed):
        set_policy(policy=PriceProtectionPolicy(), by=an_actor(trade.seller, "sales_rep"), at=JUNE)
