"""Contracts in every stage of their life: ended by date and early, ending early, expiring and renewed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from accounts.rights import Actor
from alliance.models import Contract
from alliance.models.ending import EndedBy, EndReason
from alliance.operations.ending import apply_end
from alliance.operations.rounds import remind_of_ends, turn_contracts
from alliance.operations.signing import sign_contract, submit_contract
from alliance.operations.versions import draft_next_version
from dealers.models import Membership
from demo.operations.scenario import ONE_CLICK_PARTIES, Plan, month_start, read_world

EARLY_ENDS = (
    (EndReason.CLOSING, EndedBy.MEMBER, 30, "联盟商转行，不再经营调味品"),
    (EndReason.REORGANISED, EndedBy.MANUFACTURER, 5, "区域重新划分，由相邻联盟商承接"),
    (EndReason.AGREED, EndedBy.MUTUAL, 0, "三方协商一致"),
)
State = Contract.State


def end_contract_of_demo(plan: Plan, contract: Contract, number: int) -> None:
    """Set how an ended contract came to its end: every fourth by its date, the others early."""
    if number % 4 == 0:
        contract.until = max(month_start(plan.day, 0), contract.starts_on + timedelta(days=1))
        contract.ended_on, contract.end_reason = contract.until, EndReason.TERM_OVER
        return
    reason, role, notice, note = EARLY_ENDS[number % len(EARLY_ENDS)]
    ended_on = max(plan.day - timedelta(days=7 * (number % 8 + 1)), contract.starts_on + timedelta(days=1))
    contract.ended_on, contract.end_reason, contract.ended_by_role = ended_on, reason, role
    contract.end_note, contract.end_notice_on = note, ended_on - timedelta(days=notice)


def make_lives(plan: Plan) -> str:
    """Renew a contract that ends soon, announce the early end of another, and run the daily round."""
    world = read_world()
    mine = [one.id for one in world.members[:ONE_CLICK_PARTIES]]
    others = Contract.objects.unreplaced().filter(state=State.ACTIVE, starts_on__lte=plan.day)
    others = others.exclude(member__in=mine).filter(until__gt=plan.day + timedelta(days=1))
    soon = list(others.order_by("until", "code")[:3])
    made = []
    for old in soon[:1]:
        _renew(plan, old)
        made.append("续签 1")
    for old in soon[2:3]:
        last = min(plan.day + timedelta(days=20), old.until - timedelta(days=1))
        values = {
            "contract_id": str(old.id),
            "reason": "门店搬迁，双方同意提前结束",
            "kind": EndReason.OTHER.value,
            "ended_by": EndedBy.MEMBER.value,
            "ends_on": last.isoformat(),
        }
        apply_end(values, by=plan.by, at=plan.now)
        made.append("提前终止 1")
    turn_contracts(by=plan.by, at=plan.now)
    made.append(f"到期提醒 {remind_of_ends(by=plan.by, at=plan.now)}")
    return "、".join(made)


def _renew(plan: Plan, old: Contract) -> None:
    made = draft_next_version(
        contract_id=old.id,
        starts_on=old.until,
        until=month_start(old.until, 12),
        by=plan.by,
        at=plan.now,
    )
    made = submit_contract(contract_id=made.id, by=plan.by, at=plan.now)
    for party in (made.manufacturer_id, made.dealer_id, made.member_id):
        sign_contract(contract_id=made.id, digest=made.digest, by=_signatory(party), at=plan.now)


def _signatory(party_id: UUID) -> Actor:
    """Return the person who signs for a party; the platform for a party without people."""
    signing = Membership.objects.filter(party_id=party_id, role__in=("director", "owner"))
    found = signing.select_related("user").order_by("id").first()
    if found is None:
        kind = "member" if not Contract.objects.filter(dealer=party_id).exists() else "dealer"
        return Actor(party_id, kind, "owner")
    return Actor(found.party_id, found.party_kind, found.role, found.user_id, str(found.user))
