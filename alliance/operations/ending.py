"""Operations that end a contract before its term is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor
from alliance.audit_actions import ContractAction
from alliance.domain.life import EndPlan, plan_end
from alliance.models import Contract
from alliance.models.ending import BY_A_PERSON, EndedBy, EndReason
from alliance.operations.drafting import locked_contract
from alliance.operations.region_holds import hold_areas
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.queries import day_of_tenant

END = "alliance.end"
LAST_DAY, REASON = gettext_noop("Valid through"), gettext_noop("Reason")
EXPLANATION, ENDED_BY = gettext_noop("Explanation"), gettext_noop("Ended by")
NOTICE = gettext_noop("Days of notice")


class BadEnd(Refusal):
    """The end of a contract cannot be as requested; `field` is ends_on, kind, ended_by or reason."""

    code = "bad_end"


def end_contract(
    *,
    contract_id: UUID,
    reason: str,
    kind: str = EndReason.OTHER,
    ended_by: str = EndedBy.MANUFACTURER,
    ends_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Contract | Approval:
    """End an active contract, or request it: a second person approves the end of a contract.

    `reason` explains it to the other two, `kind` is one of BY_A_PERSON, `ended_by` the side that causes
    it, and `ends_on` the first day without the contract: today if it is not given. An end before the notice
    period is over is possible and stays visible as unannounced. Raise BadEnd.
    """
    with joined_transaction():
        contract = locked_contract(contract_id, Contract.State.ACTIVE, right="contract.edit", by=by)
        today = day_of_tenant(at)
        day = ends_on or today
        _check(contract, kind=kind, ended_by=ended_by, reason=reason, ends_on=day, today=today)
        values = {
            "contract_id": str(contract.id),
            "reason": reason,
            "kind": str(kind),
            "ended_by": str(ended_by),
            "ends_on": day.isoformat(),
        }
        plan = plan_of(contract, day, today)
        waiting = request_approval(
            END,
            contract,
            title=f"{contract.code} {contract.member.name}",
            values=values,
            changes=[
                FieldChange(LAST_DAY, str(contract.until - timedelta(days=1)), str(day - timedelta(days=1))),
                FieldChange(NOTICE, str(contract.notice_days), str(plan.notice_days)),
                FieldChange(ENDED_BY, "—", str(EndedBy(ended_by).label)),
                FieldChange(REASON, "—", str(EndReason(kind).label)),
                FieldChange(EXPLANATION, "—", reason),
            ],
            about=contract.member_id,
            by=by,
            at=at,
        )
        return waiting or apply_end(values, by=by, at=at)


def contract_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock a contract and return its state and text's hash as JSON; {} if it is gone."""
    found = Contract.objects.select_for_update(no_key=True).filter(id=values["contract_id"]).first()
    return {} if found is None else {"state": found.state, "digest": found.digest, "until": str(found.until)}


def apply_end(values: dict[str, Any], *, by: Actor, at: datetime) -> Contract:
    """End an active contract and release its regions, or set its end to a later day.

    If the day has passed meanwhile, it ends today.
    """
    with joined_transaction():
        contract_id = UUID(values["contract_id"])
        contract = locked_contract(contract_id, Contract.State.ACTIVE, right="contract.edit", by=by)
        today = day_of_tenant(at)
        wanted = date.fromisoformat(values.get("ends_on") or today.isoformat())
        plan = plan_of(contract, max(wanted, today), today)
        contract.ended_on, contract.end_notice_on = plan.ended_on, today
        contract.end_reason = values.get("kind") or EndReason.OTHER
        contract.end_note = values["reason"][:300]
        contract.ended_by_role = values.get("ended_by") or EndedBy.MANUFACTURER
        contract.until = min(contract.until, plan.until)
        if plan.at_once:
            contract.state = Contract.State.ENDED
        contract.save(update_fields=[*END_FIELDS, "until", "state"])
        shorten_areas(contract)
        facts = {
            "code": contract.code,
            "reason": values["reason"],
            "kind": contract.end_reason,
            "ended_by": contract.ended_by_role,
            "last_day": (plan.ended_on - timedelta(days=1)).isoformat(),
            "notice_days": plan.notice_days,
            "announced": plan.announced,
        }
        if plan.at_once:
            hold_areas(contract.id, holds=False)
            record(ContractAction.END, contract, by=by, at=at, **facts)
            announce("alliance.ended", {"contract_id": str(contract.id)}, at=at)
        else:
            record(ContractAction.ANNOUNCE_END, contract, by=by, at=at, **facts)
            announce("alliance.end_announced", {"contract_id": str(contract.id)}, at=at)
    return contract


END_FIELDS = ("ended_on", "end_reason", "end_note", "ended_by_role", "end_notice_on")


def plan_of(contract: Contract, ends_on: date, today: date) -> EndPlan:
    """Return what an end of this contract on a day, announced today, means."""
    return plan_end(
        starts_on=contract.starts_on, ends_on=ends_on, today=today, notice_days=contract.notice_days
    )


def shorten_areas(contract: Contract) -> None:
    """Shorten the exclusive term of a contract's regions to its end, locked in one common order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH mine AS MATERIALIZED (SELECT id FROM alliance_contractarea"
            "  WHERE tenant_id = %s AND contract_id = %s ORDER BY category_id, area FOR UPDATE)"
            " UPDATE alliance_contractarea one SET term = daterange(lower(one.term), %s) FROM mine"
            " WHERE one.tenant_id = %s AND one.id = mine.id AND upper(one.term) <> %s",
            [active_tenant_id(), contract.id, contract.until, active_tenant_id(), contract.until],
        )


def _check(contract: Contract, *, kind: str, ended_by: str, reason: str, ends_on: date, today: date) -> None:
    if not reason.strip():
        message = _("Give the reason for termination; the other two parties see it.")
        raise BadEnd(message, field="reason")
    if kind not in BY_A_PERSON:
        raise BadEnd(_("Choose the reason from the list."), field="kind")
    if ended_by not in EndedBy:
        raise BadEnd(_("Name the side that ends the contract."), field="ended_by")
    if ends_on < today:
        raise BadEnd(_("A contract does not end in the past."), field="ends_on")
    if ends_on >= contract.until:
        message = _("It ends by itself on %(day)s; an early end is before that.")
        last = contract.until - timedelta(days=1)
        raise BadEnd(message % {"day": last.isoformat()}, field="ends_on")
