"""Ask for a second person before a change, and hold back what one person may not do alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from approvals.audit_actions import ApprovalAction
from approvals.domain.rules import FieldChange, fingerprint
from approvals.models import Approval
from approvals.queries import others_who_approve, rule_of
from approvals.registry import basis_of, kind_label
from audit.operations.recording import record
from audit.targets import Target, label_and_key
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction

MAX_TITLE_CHARACTERS = 200


class NoPerson(Refusal):
    """The actor is a key that nobody answers for."""

    code = "not_allowed"


class SamePerson(Refusal):
    """The person who requested or made it may not approve it."""

    code = "same_person"


class NoSecondPerson(Refusal):
    """Nobody else in the company holds the right to approve."""

    code = "no_second_person"


def request_approval(
    kind: str,
    target: Target,
    *,
    title: str,
    values: dict[str, Any],
    changes: Iterable[FieldChange],
    by: Actor,
    at: datetime,
    key: str = "",
    amount: Decimal | None = None,
    total: Decimal | None = None,
    about: UUID | None = None,
) -> Approval | None:
    """Return the approval for which the change waits; None if the actor may make the change now.

    The caller makes no change if it gets an approval. The rule applies to the manufacturer's people and
    keys; the platform itself and partners, who are companies of their own, do not wait. The same request
    returns the approval that waits already; one with other values takes its place. `key` identifies the
    change if it is not the target's only one. The rule compares the `total`, if the amount is a part of one.

    Raise NoPerson for a key without an issuer, and NoSecondPerson if nobody else could approve.
    """
    if by.is_platform or by.party_kind != MANUFACTURER or not rule_of(kind).needs(total or amount):
        return None
    person_id, party_id = by.person_id, by.party_id
    if person_id is None or party_id is None:
        raise NoPerson(_("This needs a person: a key that nobody issued cannot ask for approval."))
    if not others_who_approve(kind, party_id=party_id, besides=person_id).exists():
        message = _(
            "“%(kind)s” needs the approval of a second person, and nobody else here may give it."
            " Invite one, or let the rule be changed."
        )
        raise NoSecondPerson(message % {"kind": kind_label(kind)}, kind=kind)
    label, target_id = label_and_key(target)
    with joined_transaction():
        key = key or target_id
        _lock(kind, key)
        print_of_it = fingerprint(values, basis_of(kind, values))
        waiting = Approval.objects.filter(kind=kind, key=key, state=Approval.State.PENDING).first()
        if waiting is not None and waiting.fingerprint == print_of_it:
            found: Approval = waiting
            return found
        if waiting is not None:
            _replace(waiting, target, by=by, at=at)
        made: Approval = Approval.objects.create(
            kind=kind,
            key=key,
            target=label,
            target_id=target_id,
            title=title[:MAX_TITLE_CHARACTERS],
            party_id=party_id,
            about_id=about,
            values=values,
            changes=[{"label": one.label, "old": one.old, "new": one.new} for one in changes],
            amount=amount,
            fingerprint=print_of_it,
            requested_by_id=person_id,
            requested_at=at,
        )
        record(ApprovalAction.REQUEST, target, by=by, at=at, kind=kind, approval=str(made.id), title=title)
        announce("approvals.requested", {"approval_id": str(made.id)}, at=at)
    return made


def must_be_another(kind: str, *, first: UUID | None, by: Actor) -> None:
    """Raise SamePerson if the actor is the person who acted first and the kind needs a second one."""
    if by.is_platform or by.person_id not in (None, first) or not rule_of(kind).needs(None):
        return
    message = _("“%(kind)s” needs a second person: you cannot approve what you did yourself.")
    raise SamePerson(message % {"kind": kind_label(kind)}, kind=kind)


def _replace(waiting: Approval, target: Target, *, by: Actor, at: datetime) -> None:
    waiting.state, waiting.decided_at = Approval.State.WITHDRAWN, at
    waiting.decided_by_id = by.person_id
    waiting.save(update_fields=["state", "decided_at", "decided_by"])
    facts = {"kind": waiting.kind, "approval": str(waiting.id), "replaced": True}
    record(ApprovalAction.WITHDRAW, target, by=by, at=at, **facts)


def _lock(kind: str, key: str) -> None:
    """Let two requests of one change wait for each other until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{active_tenant_id()}:{kind}:{key}"]
        )
