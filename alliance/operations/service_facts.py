"""Operations that record what was done for a member: visits, answers, replacements, material, trainings."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.audit_actions import BreachAction
from alliance.models import Contract, Metric, ServiceFact
from alliance.operations.measurement import measure_month
from audit.operations.recording import record
from kernel.refusals import Refusal
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

COUNTED = (Metric.VISITS, Metric.MATERIAL, Metric.TRAINING)
TIMED = (Metric.ANSWER_HOURS, Metric.REPLACEMENT_DAYS)
MAX_TOOK, MAX_QUANTITY = Decimal(10_000), 10_000


class BadServiceFact(Refusal):
    """A fact that no guarantee of service is measured by, or that lies in the future."""

    code = "bad_service_fact"


class ServiceFactExists(Refusal):
    """The same source was reported with other content."""

    code = "conflict"


def report_service_fact(
    *,
    contract_id: UUID,
    metric: str,
    on: date,
    source: str,
    by: Actor,
    at: datetime,
    quantity: int = 1,
    took: Decimal | None = None,
    note: str = "",
) -> ServiceFact:
    """Record a fact of service of a contract in force on its day; a past month is measured again.

    `took` are the hours of an answer (ANSWER_HOURS) or the days of a replacement (REPLACEMENT_DAYS);
    `quantity` counts visits, supplies and trainings, 0 for “none was made”. A repeated source with the same
    content changes nothing. Rooms call this with the_system() and their own source. Raise BadServiceFact or
    ServiceFactExists.
    """
    by.must("service.report")
    fact = ServiceFact(
        metric=metric, on=on, quantity=quantity, took=took, note=note.strip(), source=source, at=at
    )
    _check(fact, today=day_of_tenant(at))
    with joined_transaction():
        contract = _in_force(contract_id, on, by)
        fact.contract = contract
        stored, is_new = ServiceFact.objects.get_or_create(
            source=source,
            defaults={
                "contract": contract,
                "metric": metric,
                "on": on,
                "quantity": quantity,
                "took": took,
                "note": fact.note,
                "at": at,
            },
        )
        if not is_new:
            return _repeated(stored, fact)
        facts = {"metric": metric, "on": on.isoformat(), "quantity": quantity, "note": fact.note}
        record(BreachAction.REPORT_SERVICE, contract, by=by, at=at, code=contract.code, **facts)
        if on < day_of_tenant(at).replace(day=1):
            measure_month(month=on, at=at, contract_id=contract.id)
    return stored


def _check(fact: ServiceFact, *, today: date) -> None:
    if fact.metric not in (*COUNTED, *TIMED):
        raise BadServiceFact(
            _("This is no guarantee of service that is measured by reports."), field="metric"
        )
    if fact.on > today:
        raise BadServiceFact(_("This day has not come yet."), field="on")
    if fact.metric in TIMED and (fact.took is None or not 0 <= fact.took <= MAX_TOOK):
        raise BadServiceFact(_("Enter how long it took."), field="took")
    if fact.metric in COUNTED and not 0 <= fact.quantity <= MAX_QUANTITY:
        raise BadServiceFact(_("Enter how many there were."), field="quantity")


def _in_force(contract_id: UUID, on: date, by: Actor) -> Contract:
    """Return the version of the contract that was in force on the day and is visible to the actor."""
    code = Contract.objects.visible_to(by).filter(id=contract_id).values("code")
    signed = Contract.objects.filter(
        code__in=code,
        state__in=(Contract.State.ACTIVE, Contract.State.ENDED),
        starts_on__lte=on,
        until__gt=on,
    )
    found: Contract | None = signed.order_by("-version").first()
    if found is None:
        raise BadServiceFact(_("The contract was not in force on this day."), field="on")
    return found


def _repeated(stored: ServiceFact, fact: ServiceFact) -> ServiceFact:
    same = ("contract_id", "metric", "on", "quantity", "took")
    if any(getattr(stored, name) != getattr(fact, name) for name in same):
        message = _("This source was reported before, with other content.")
        raise ServiceFactExists(message, field="source")
    return stored
