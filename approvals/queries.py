"""Reads of approvals: the tenant's rules, who else may approve, and what waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from accounts.queries.message_links import link_to
from accounts.rights import Actor
from approvals.domain.rules import FieldChange, Rule
from approvals.models import Approval, ApprovalRule
from approvals.registry import kind_of
from dealers.models import Membership
from dealers.notifications.recipients import holding
from tenancy.rooms import ApprovalKind, approval_kinds
from ui.web.numbers import grouped


def rule_of(code: str) -> Rule:
    """Return the tenant's rule for a kind, or the one with which its room registered it."""
    kind = kind_of(code)
    if kind.is_fixed:
        return Rule()
    stored = ApprovalRule.objects.filter(kind=code).first()
    if stored is None:
        return Rule(above=kind.above)
    return Rule(stored.is_required, stored.above if kind.has_amount else None)


def others_who_approve(code: str, *, party_id: UUID, besides: UUID) -> QuerySet[Membership]:
    """Return the memberships of a party's active people who may approve a kind, besides one person."""
    acting = Membership.objects.filter(
        holding(kind_of(code).right), party_id=party_id, is_active=True, user__is_active=True
    )
    rows: QuerySet[Membership] = acting.exclude(user_id=besides)
    return rows


def person_acting(person_id: UUID, party_id: UUID) -> Actor | None:
    """Return the person as actor of the party in the role of today; None if they have left."""
    found = (
        Membership.objects.filter(user_id=person_id, party_id=party_id, is_active=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    if found is None:
        return None
    return Actor(
        party_id=party_id,
        party_kind=found.party_kind,
        role=found.role,
        user_id=person_id,
        label=str(found.user),
    )


_AMOUNT = re.compile(r"(?<![\w.,/-])-?[0-9]+\.[0-9]{2,4}(?![\w.,/-])")
_DAY = re.compile(r"(?<![\w/-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w/-])")


def readable(text: str) -> str:
    """Return a stored value with its days and amounts as the reader writes them."""
    return _DAY.sub(_as_day, _AMOUNT.sub(_as_amount, text))


def _as_amount(found: re.Match[str]) -> str:
    return grouped(Decimal(found[0]), len(found[0].rpartition(".")[2]))


def _as_day(found: re.Match[str]) -> str:
    try:
        return str(date_format(date.fromisoformat(found[0]), "DATE_FORMAT"))
    except ValueError:
        return found[0]


def changes_of(approval: Approval) -> list[FieldChange]:
    """Return what changes, with labels, days and amounts as the reader writes them."""
    return [
        FieldChange(gettext(one["label"]), readable(one["old"]), readable(one["new"]))
        for one in approval.changes
    ]


def target_url(approval: Approval) -> str:
    """Return the URL of the page of the row that changes; "" if it has none."""
    page = kind_of(approval.kind).page
    try:
        return str(link_to(page, UUID(approval.target_id))["link"]) if page else ""
    except ValueError:
        return ""


def may_decide(approval: Approval, actor: Actor) -> bool:
    """Return whether the actor, who sees the approval, may approve or reject it now."""
    return (
        approval.state == Approval.State.PENDING
        and actor.person_id not in (None, approval.requested_by_id)
        and actor.may(kind_of(approval.kind).right)
    )


def pending_for(target: Any, actor: Actor) -> Approval | None:
    """Return the change of this row that waits for approval, if the actor sees one."""
    if not actor.may("approval.view"):
        return None
    found: Approval | None = (
        Approval.objects.visible_to(actor)
        .filter(target=target._meta.label_lower, target_id=str(target.pk), state=Approval.State.PENDING)
        .first()
    )
    return found


def rules_of_kinds() -> list[tuple[ApprovalKind, Rule, Approval | None]]:
    """Return each kind that a tenant may set, with its rule and the change of the rule that waits."""
    stored = {row.kind: row for row in ApprovalRule.objects.all()}
    waiting = Approval.objects.filter(target="approvals.approvalrule", state=Approval.State.PENDING)
    changing = {one.target_id: one for one in waiting}
    found = []
    for kind in approval_kinds().values():
        if kind.is_fixed:
            continue
        row = stored.get(kind.code)
        rule = Rule(above=kind.above) if row is None else Rule(row.is_required, row.above)
        found.append((kind, rule, None if row is None else changing.get(str(row.id))))
    return found


def outcome(success: str) -> Callable[[Any], str]:
    """Return the message for the result of an operation: `success`, or that it waits for approval."""

    def message(result: Any) -> str:
        return waiting_message(result) if isinstance(result, Approval) else success

    return message


def waiting_message(approval: Approval) -> str:
    """Return the message for the person whose change waits for approval."""
    message = _("“%(title)s” waits for the approval of a second person; nothing has changed yet.")
    return message % {"title": approval.title}
