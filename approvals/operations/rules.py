"""Set which kinds of changes need a second person. A rule itself is changed by two people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor
from approvals.audit_actions import ApprovalAction
from approvals.domain.rules import FieldChange, Rule
from approvals.models import Approval, ApprovalRule
from approvals.operations.requesting import request_approval
from approvals.queries import rule_of
from approvals.registry import kind_label
from audit.operations.recording import record
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.rooms import approval_kinds

SET_RULE = "approvals.rule"
NEEDS, ABOVE = gettext_noop("Needs a second person"), gettext_noop("Only above this amount")


class BadRule(Refusal):
    code = "bad_rule"


def set_rule(
    *, kind: str, is_required: bool, above: Decimal | None, by: Actor, at: datetime
) -> ApprovalRule | Approval:
    """Set the rule of a kind, or request it: a second person approves it. Raise BadRule."""
    by.must("approval.set")
    _check(kind, above)
    with joined_transaction():
        rule = _row(kind)
        now, new = rule_of(kind), Rule(is_required, above)
        if now == new:
            return rule
        values = {"kind": kind, "is_required": is_required, "above": None if above is None else str(above)}
        changes = [
            FieldChange(NEEDS, _words(now), _words(new)),
            FieldChange(ABOVE, _amount(now.above), _amount(new.above)),
        ]
        waiting = request_approval(
            SET_RULE,
            rule,
            title=kind_label(kind),
            values=values,
            changes=[one for one in changes if one.old != one.new],
            by=by,
            at=at,
        )
        return waiting or apply_rule(values, by=by, at=at)


def apply_rule(values: dict[str, Any], *, by: Actor, at: datetime) -> ApprovalRule:
    """Store an approved rule."""
    by.must("approval.set")
    above = None if values["above"] is None else Decimal(values["above"])
    _check(values["kind"], above)
    with joined_transaction():
        rule = _row(values["kind"])
        rule.is_required, rule.above = values["is_required"], above
        rule.save(update_fields=["is_required", "above"])
        record(ApprovalAction.SET_RULE, rule, by=by, at=at, **values)
    return rule


def rule_now(values: dict[str, Any]) -> dict[str, Any]:
    """Return the rule that a request changes, as JSON."""
    now = rule_of(values["kind"])
    return {"is_required": now.is_required, "above": _amount(now.above)}


def _row(kind: str) -> ApprovalRule:
    """Return the stored rule of a kind; a new one says what its registration says."""
    now = rule_of(kind)
    row: ApprovalRule
    row, _made = ApprovalRule.objects.get_or_create(
        kind=kind, defaults={"is_required": now.is_required, "above": now.above}
    )
    return row


def _check(kind: str, above: Decimal | None) -> None:
    known = approval_kinds().get(kind)
    if known is None or known.is_fixed:
        raise BadRule(_("There is no such rule."), field="kind")
    if above is not None and not known.has_amount:
        raise BadRule(_("This kind has no amount."), field="above")
    if above is not None and (above < 0 or above >= Decimal(10) ** 14):
        raise BadRule(_("The amount is from 0 to 99,999,999,999,999.99."), field="above")


def _words(rule: Rule) -> str:
    return "✓" if rule.is_required else "—"


def _amount(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount:.2f}"
