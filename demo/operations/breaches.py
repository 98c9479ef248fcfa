"""Create the service that guarantees are measured by, and lead past breaches to their end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from accounts.rights import Actor
from alliance.models import Breach, Contract, GuaranteeTerm, Metric
from alliance.operations.breaches import decide_breach, reply_to_breach
from alliance.operations.service_facts import report_service_fact
from dealers.models import Membership
from demo.operations.contract_terms import BOOK_UP_TO, VISITS
from demo.operations.scenario import Plan, moment, month_start
from kernel.money import cents
from rebates.operations.guarantees import book_month, book_undisputed

MEASURED_CONTRACTS = 12
ANSWERED = 8
REASONS = (
    "当天大雾高速封闭，送货单上有司机备注，请按不可抗力处理。",
    "价差按促销价核算有误，活动期价格已另行约定。",
    "货已按时送到，门店无人签收，第二天补签。",
)
DECISIONS = (
    ("upheld", "送货单签收时间为准，保障未兑现。"),
    ("partly", "有一半时间属不可抗力，按一半承担。"),
    ("dismissed", "核对后时间在承诺之内，不予追究。"),
)
State = Breach.State


def report_visits(plan: Plan) -> str:
    """Report the visits of the past months; in every third month one is missing."""
    terms = GuaranteeTerm.objects.filter(metric=Metric.VISITS, contract__state=Contract.State.ACTIVE)
    promised = list(terms.select_related("contract").order_by("contract__code")[:MEASURED_CONTRACTS])
    count = 0
    for number, term in enumerate(promised):
        for back in range(6, -1, -1):
            month = month_start(plan.day, -back)
            visits = int(VISITS) - ((number + back) % 3 == 1)
            days = [month + timedelta(days=2 + 7 * visit) for visit in range(visits)]
            for day in (one for one in days if term.contract.starts_on <= one < plan.day):
                report_service_fact(
                    contract_id=term.contract_id,
                    metric=Metric.VISITS,
                    on=day,
                    source=f"demo:visit:{term.contract.code}:{day}",
                    note="业务员拜访，陈列与库存已核对",
                    by=plan.by,
                    at=moment(day, time(18)),
                )
                count += 1
    return f"{count} 次拜访"


def book_past_month(plan: Plan, month: date) -> None:
    """Measure a past month, lead its breaches through replies and decisions, and book what is payable."""
    last = month_start(plan.day, -1)
    opened = plan.now - timedelta(days=1) if month == last else moment(month_start(month, 1), time(9))
    book_month(month=month, at=opened)
    people = _people()
    director = next((one for one in people.values() if one.role == "director"), plan.by)
    rows = Breach.objects.filter(month=month).select_related("contract").order_by("contract__code", "kind")
    rows = rows.prefetch_related("shares")
    for number, breach in enumerate(rows):
        if number < ANSWERED:
            _answer(breach, number, people, opened)
        waits = breach.state == State.OPEN and month == last
        contested = number < ANSWERED and number % 4 in (1, 2)
        if contested or (breach.amount > BOOK_UP_TO and not waits):
            is_left = month == last and number % 4 == 1
            if not is_left:
                _decide(breach, number, director, plan, opened)
    if month != last:
        later = min(plan.now, opened + timedelta(days=10))
        book_undisputed(by=plan.by, at=later)
    else:
        book_undisputed(by=plan.by, at=plan.now)


def _answer(breach: Breach, number: int, people: dict[UUID, Actor], opened: datetime) -> None:
    """Let the first sides accept (0), contest (1, 2) or stay silent (3)."""
    if number % 4 == 3:
        return
    contests = number % 4 in (1, 2)
    for share in breach.shares.all():
        person = people.get(share.party_id)
        if person is not None and share.role != "member":
            reply_to_breach(
                breach_id=breach.id,
                accepts=not contests,
                reason=REASONS[number % len(REASONS)] if contests else "",
                by=person,
                at=opened + timedelta(hours=5),
            )


def _decide(breach: Breach, number: int, director: Actor, plan: Plan, opened: datetime) -> None:
    breach.refresh_from_db()
    at = min(plan.now, opened + timedelta(days=9))
    if breach.state == State.OPEN and breach.reply_by >= at.date():
        return
    decision, reason = DECISIONS[number % len(DECISIONS)]
    half = cents(breach.amount / 2)
    if decision == "partly" and not 0 < half < breach.amount:
        decision, reason = DECISIONS[0]
    decide_breach(
        breach_id=breach.id,
        decision=decision,
        amount=half if decision == "partly" else None,
        reason=reason,
        by=director,
        at=at,
    )


def _people() -> dict[UUID, Actor]:
    """Return a person of each party who may reply or decide."""
    rows = Membership.objects.filter(role__in=("owner", "director"), is_active=True).select_related("user")
    return {
        one.party_id: Actor(one.party_id, one.party_kind, one.role, one.user_id, str(one.user))
        for one in rows.order_by("-id")
    }
