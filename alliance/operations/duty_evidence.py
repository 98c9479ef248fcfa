"""Operations that report the evidence of duties: by the rooms above in bulk, or by the owner of a duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from alliance.audit_actions import DutyAction
from alliance.models import Duty, DutyEvidence, ProofKind
from alliance.models.duty import KNOWN_ROLES, LEADERS
from audit.operations.recording import record, record_many
from kernel.refusals import Refusal
from kernel.sources import SourceConflict
from tenancy.context import active_tenant_id, joined_transaction

_REPORT = """
WITH fact AS (
  SELECT * FROM unnest(%(contracts)s::uuid[], %(roles)s::text[], %(kinds)s::text[], %(days)s::date[],
    %(sources)s::text[], %(references)s::text[], %(notes)s::text[])
    AS f(contract_id, role, kind, day, source, reference, note)
), first AS (
  SELECT DISTINCT ON (d.id) d.id AS duty_id, f.kind, f.source, f.reference, f.note
  FROM fact f
  JOIN alliance_duty d ON d.tenant_id = %(tenant)s AND d.contract_id = f.contract_id
    AND f.day BETWEEN d.starts_on AND d.due_on AND d.fulfilled_at IS NULL
  JOIN alliance_responsibility r ON r.tenant_id = d.tenant_id AND r.id = d.responsibility_id
    AND r.proof = f.kind AND (f.role = '' OR r.role = f.role)
  ORDER BY d.id, f.day, f.source
), locked AS (
  SELECT d.id FROM alliance_duty d WHERE d.tenant_id = %(tenant)s AND d.fulfilled_at IS NULL
    AND d.id IN (SELECT duty_id FROM first) ORDER BY d.id FOR NO KEY UPDATE
), written AS (
  INSERT INTO alliance_dutyevidence
    (id, tenant_id, duty_id, kind, reference, note, user_id, reported_by, at, source)
  SELECT gen_random_uuid(), %(tenant)s, f.duty_id, f.kind, f.reference, f.note, %(user)s, %(label)s, %(at)s,
    f.source
  FROM first f JOIN locked l ON l.id = f.duty_id
  ON CONFLICT (tenant_id, duty_id, source) DO NOTHING RETURNING duty_id
)
UPDATE alliance_duty d SET fulfilled_at = %(at)s FROM written w
WHERE d.tenant_id = %(tenant)s AND d.id = w.duty_id AND d.fulfilled_at IS NULL
RETURNING d.id
"""


class UnknownDuty(Refusal):
    code = "not_found"


class BadEvidence(Refusal):
    code = "bad_evidence"


@dataclass(frozen=True, slots=True)
class NewDutyEvidence:
    """A fact that fulfils the open duties of a contract whose proof is of this kind (of ProofKind).

    `on` is the day of the fact, `role` the side of the contract (of ContractRole; "" for each side), `source`
    identifies the fact, `reference` names its document.
    """

    contract_id: UUID
    kind: str
    on: date
    source: str
    reference: str = ""
    role: str = ""
    note: str = ""


def report_duty_evidence(*, facts: Sequence[NewDutyEvidence], by: Actor, at: datetime) -> int:
    """Fulfil the open duties in whose period a fact lies; return the number of duties fulfilled now.

    The first fact fulfils a duty, later ones are not stored. Two statements for any number of facts; a
    repeated call changes nothing.
    """
    if not facts:
        return 0
    with joined_transaction():
        with connection.cursor() as cursor:
            cursor.execute(
                _REPORT,
                {
                    "tenant": active_tenant_id(),
                    "contracts": [one.contract_id for one in facts],
                    "roles": [str(one.role) for one in facts],
                    "kinds": [str(one.kind) for one in facts],
                    "days": [one.on for one in facts],
                    "sources": [one.source for one in facts],
                    "references": [one.reference[:120] for one in facts],
                    "notes": [one.note[:500] for one in facts],
                    "user": by.user_id,
                    "label": by.label[:100],
                    "at": at,
                },
            )
            fulfilled = [row[0] for row in cursor.fetchall()]
        record_many(DutyAction.REPORT, [((Duty, one), {}) for one in fulfilled], by=by, at=at)
    return len(fulfilled)


def report_duty(
    *, duty_id: UUID, reference: str, note: str, source: str, by: Actor, at: datetime
) -> DutyEvidence:
    """Report by hand that a duty is fulfilled, and by what.

    Raise UnknownDuty, NotAllowed for a person of another side or role, BadEvidence without words, and
    SourceConflict if the source came with other words before; with the same words the first evidence is
    returned.
    """
    by.must("duty.report")
    reference, note = reference.strip()[:120], note.strip()[:500]
    if not reference and not note:
        raise BadEvidence(_("Say what was done, or name the document that shows it."), field="note")
    with joined_transaction():
        visible = Duty.objects.visible_to(by).filter(id=duty_id).values("id")
        duty = Duty.objects.select_for_update(no_key=True).filter(id__in=visible).first()
        if duty is None:
            raise UnknownDuty(_("There is no such duty."), field="duty")
        if not may_report(duty, by):
            raise NotAllowed(_("The side and the role that owe a duty report it."), right="duty.report")
        earlier = DutyEvidence.objects.filter(duty=duty, source=source).first()
        if earlier is not None:
            if (earlier.reference, earlier.note) != (reference, note):
                raise SourceConflict(_("This was reported before with other words."), field="source")
            return earlier
        made: DutyEvidence = DutyEvidence.objects.create(
            duty=duty,
            kind=duty.responsibility.proof,
            reference=reference,
            note=note,
            user_id=by.user_id,
            reported_by=by.label[:100],
            at=at,
            source=source,
        )
        if duty.fulfilled_at is None:
            duty.fulfilled_at = at
            duty.save(update_fields=["fulfilled_at"])
        record(DutyAction.REPORT, duty, by=by, at=at, reference=reference, note=note)
    return made


def may_report(duty: Duty, actor: Actor) -> bool:
    """Return whether the actor may report a duty: of its party, in the owner's role or leading the party.

    What orders prove is read from trade.
    """
    responsibility = duty.responsibility
    if responsibility.proof == ProofKind.ORDER or not actor.may("duty.report"):
        return False
    if not actor.acts_for(duty.party_id):
        return False
    owner = responsibility.owner_role
    return actor.is_platform or actor.role in (owner, *LEADERS) or owner not in KNOWN_ROLES
