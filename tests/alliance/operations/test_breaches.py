"""A breach: opened by the measurement, replied to, decided, reminded of."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.rights import Actor, NotAllowed, the_system
from alliance.models import Breach, BreachReply, Contract, GuaranteeShare
from alliance.operations.breaches import (
    BadBreachReply,
    BadDecision,
    BreachClosed,
    UnknownBreach,
    decide_breach,
    remind_replies,
    reply_to_breach,
)
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from approvals.models import Approval
from audit.models import AuditEntry
from jobs.models import OutboxMessage
from tenancy.models import new_id
from tests import factories as make
from tests.people import a_membership

MAY, JUNE_2 = date(2026, 5, 1), datetime(2026, 6, 2, 4, tzinfo=UTC)
LAST_DAY, AFTER = JUNE_2 + timedelta(days=7), JUNE_2 + timedelta(days=8)

pytestmark = pytest.mark.usefixtures("in_acme")


def a_broken(owed="80.00", shares=(), **values):
    dealer = make.a_party()
    contract = make.a_contract(dealer, make.a_party("member", parent=dealer), **values | {"state": "draft"})
    for role, share in shares:
        GuaranteeShare.objects.create(contract=contract, kind="service", role=role, share=share)
    Contract.objects.filter(id=contract.id).update(state="active")
    more(contract, owed)
    return contract


def more(contract, owed, *, at=JUNE_2):
    row = NewEvidence(contract.id, "service", f"d:{new_id()}", MAY, False, Decimal(owed))
    record_evidence([row])
    measure_month(month=MAY, at=at)


@pytest.fixture
def contract():
    return a_broken()


@pytest.fixture
def breach(contract):
    return Breach.objects.get(contract=contract)


def reply(breach, party, accepts=True, reason="", at=JUNE_2):
    return reply_to_breach(
        breach_id=breach.id, accepts=accepts, reason=reason, by=make.an_actor(party), at=at
    )


def decide(breach, decision="upheld", *, by=None, at=AFTER, reason="The slips say so.", **values):
    return decide_breach(
        breach_id=breach.id, decision=decision, reason=reason, by=by or the_system("j"), at=at, **values
    )


def topics():
    return list(OutboxMessage.objects.order_by("id").values_list("topic", flat=True))


def test_a_broken_guarantee_opens_one_breach(contract, breach):
    assert (breach.state, breach.amount, breach.month) == ("open", Decimal("80.00"), MAY)
    assert breach.reply_by == date(2026, 6, 9)
    assert list(breach.shares.values_list("role", "party_id", "amount")) == [
        ("dealer", contract.dealer_id, Decimal("80.00"))
    ]
    measure_month(month=MAY, at=JUNE_2)
    assert topics().count("guarantee.broken") == Breach.objects.count() == 1


def test_a_running_month_opens_none():
    a_broken()
    Breach.objects.all().delete()
    contract = a_broken()
    record_evidence([NewEvidence(contract.id, "service", "now", JUNE_2.date(), False, Decimal(5))])
    measure_month(month=JUNE_2.date(), at=JUNE_2)
    assert not Breach.objects.filter(month=date(2026, 6, 1)).exists()


def test_an_open_breach_follows_a_later_measurement(contract, breach):
    more(contract, "20.00")
    breach.refresh_from_db()
    assert breach.amount == breach.shares.get().amount == Decimal("100.00")
    more(contract, "-100.00")
    breach.refresh_from_db()
    assert (breach.state, breach.decision, breach.amount) == ("decided", "dismissed", 0)
    more(contract, "30.00", at=AFTER)
    breach.refresh_from_db()
    assert (breach.state, breach.decision, breach.amount) == ("open", "", 30)
    assert breach.reply_by == AFTER.date()


def test_the_side_at_fault_replies_once(contract, breach):
    first = reply(breach, contract.dealer, accepts=False, reason=" The road was closed. ")
    breach.refresh_from_db()
    assert (breach.state, breach.is_contested, first.reason) == ("replied", True, "The road was closed.")
    assert reply(breach, contract.dealer, accepts=False, reason="The road was closed.").id == first.id
    with pytest.raises(BreachClosed), transaction.atomic():
        reply(breach, contract.dealer)
    assert BreachReply.objects.count() == AuditEntry.objects.filter(action="breach.reply").count() == 1
    assert topics().count("breach.replied") == 1


def test_all_sides_that_owe_reply():
    contract = a_broken(shares=[("manufacturer", "0.5"), ("dealer", "0.5")])
    breach = Breach.objects.get(contract=contract)
    reply(breach, contract.manufacturer)
    breach.refresh_from_db()
    assert breach.state == "open"
    reply(breach, contract.dealer)
    breach.refresh_from_db()
    assert (breach.state, breach.is_contested) == ("replied", False)


def test_only_a_side_that_owes_replies(contract, breach):
    with pytest.raises(NotAllowed), transaction.atomic():
        reply(breach, contract.member)
    with pytest.raises(UnknownBreach), transaction.atomic():
        reply(breach, make.a_party())
    with pytest.raises(NotAllowed), transaction.atomic():
        reply_to_breach(
            breach_id=breach.id,
            accepts=True,
            reason="",
            by=make.an_actor(contract.dealer, "warehouse"),
            at=JUNE_2,
        )


def test_who_contests_gives_a_reason_and_in_time(contract, breach):
    with pytest.raises(BadBreachReply), transaction.atomic():
        reply(breach, contract.dealer, accepts=False, reason=" ")
    with pytest.raises(BreachClosed) as refused, transaction.atomic():
        reply(breach, contract.dealer, at=AFTER)
    assert refused.value.field == "reply_by"
    reply(breach, contract.dealer, at=LAST_DAY)


def test_a_person_decides_after_the_replies(contract, breach):
    with pytest.raises(BreachClosed), transaction.atomic():
        decide(breach, at=LAST_DAY)
    decided = decide(breach, "partly", amount=Decimal("30.00"))
    assert (decided.state, decided.decision, decided.decided_amount) == ("decided", "partly", 30)
    assert decided.shares.get().amount == Decimal("30.00")
    assert decide(breach, "partly", amount=Decimal("30.00")).id == breach.id
    with pytest.raises(BreachClosed), transaction.atomic():
        decide(breach, "dismissed")
    assert topics().count("breach.decided") == 1
    assert AuditEntry.objects.filter(action="breach.decide").count() == 1


def test_a_dismissed_breach_owes_nothing(breach):
    decide(breach, "dismissed")
    assert breach.shares.get().amount == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"decision": "perhaps"}, "decision"),
        ({"decision": "upheld", "reason": " "}, "reason"),
        ({"decision": "partly"}, "amount"),
        ({"decision": "partly", "amount": Decimal(80)}, "amount"),
        ({"decision": "partly", "amount": Decimal(0)}, "amount"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(breach, values, field):
    with pytest.raises(BadDecision) as refused, transaction.atomic():
        decide(breach, **values)
    assert refused.value.field == field


def test_a_dealer_decides_nothing(contract, breach):
    with pytest.raises(NotAllowed), transaction.atomic():
        decide(breach, by=make.an_actor(contract.dealer))


def test_a_large_amount_needs_a_second_person():
    contract = a_broken("90000.00")
    breach = Breach.objects.get(contract=contract)
    first, _second = (a_membership(contract.manufacturer, "director") for _ in range(2))
    person = Actor(first.party_id, first.party_kind, first.role, first.user_id)
    waiting = decide(breach, by=person)
    assert isinstance(waiting, Approval)
    breach.refresh_from_db()
    assert breach.state == "open"


def test_the_side_at_fault_is_reminded_once(breach):
    assert remind_replies(by=the_system(), at=JUNE_2 + timedelta(days=3)) == 0
    for expected in (1, 0):
        assert remind_replies(by=the_system(), at=LAST_DAY - timedelta(days=1)) == expected
    assert topics().count("breach.reply_due") == 1
