"""Set the tenant's delivery windows, and check the window of a pre-sale order against them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, SYSTEM, Actor, NotAllowed
from audit.operations.recording import record
from kernel.refusals import Refusal
from ordering.audit_actions import DeliveryPlanAction
from ordering.domain.delivery_windows import STANDARD, WindowPlan, windows_ahead
from ordering.models import DeliveryPlan
from ordering.operations.order_checks import InvalidWindow, Window
from ordering.queries.delivery_windows import window_plan
from tenancy.context import active_tenant_id, joined_transaction

RIGHT = "people.edit"


class PlanChanged(Refusal):
    """The windows were saved by someone else since they were read; `saved` is the stored plan."""

    code = "conflict"

    def __init__(self, saved: DeliveryPlan) -> None:
        super().__init__(_("Someone else has changed the delivery windows meanwhile."), field="version")
        self.saved = saved


def may_plan(actor: Actor) -> bool:
    """Return whether the actor may set the windows: the manufacturer's director may."""
    return actor.may(RIGHT) and (actor.party_kind == MANUFACTURER or actor.role == SYSTEM)


def set_delivery_plan(*, plan: WindowPlan, version: int, by: Actor, at: datetime) -> DeliveryPlan:
    """Save the plan for future pre-sale orders; orders already placed keep their window.

    `version` is the one that the user edited, 0 for none. Raises NotAllowed, InvalidPlan (with the field),
    PlanChanged.
    """
    by.must(RIGHT)
    if not may_plan(by):
        raise NotAllowed(_("The delivery windows are the manufacturer's to set."), right=RIGHT)
    plan.check()
    facts = plan_facts(plan)
    with joined_transaction():
        row = DeliveryPlan.objects.select_for_update().first()
        if row is None and version == 0:
            row, made = DeliveryPlan.objects.get_or_create(
                tenant_id=active_tenant_id(),
                defaults=facts | {"cut_off": plan.cut_off, "saved_at": at, "saved_by": by.label[:200]},
            )
            if not made:
                raise PlanChanged(row)
        elif row is None or row.version != version:
            raise PlanChanged(row or _standard(at))
        else:
            for name, value in (facts | {"cut_off": plan.cut_off}).items():
                setattr(row, name, value)
            row.version, row.saved_at, row.saved_by = version + 1, at, by.label[:200]
            row.save()
        record(DeliveryPlanAction.SET, row, by=by, at=at, **facts)
    return row


def _standard(at: datetime) -> DeliveryPlan:
    """Return the standard plan as an unsaved row."""
    return DeliveryPlan(**plan_facts(STANDARD) | {"cut_off": STANDARD.cut_off}, version=0, saved_at=at)


def plan_facts(plan: WindowPlan) -> dict[str, Any]:
    """Return the plan as JSON values."""
    return {
        "hours": [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in plan.hours],
        "weekdays": sorted(plan.weekdays),
        "cut_off": f"{plan.cut_off:%H:%M}",
        "days_before": plan.days_before,
        "days_ahead": plan.days_ahead,
        "receipt_hours": plan.receipt_hours,
    }


def must_be_open(window: Window, at: datetime, timezone: str) -> None:
    """Raise InvalidWindow unless the plan offers the window and its cut-off has not passed. One statement."""
    zone, plan = ZoneInfo(timezone), window_plan()
    if not plan.offers(window.start, window.end, zone):
        message = _("Nothing is delivered in this window: choose one of those that are offered.")
        raise InvalidWindow(message, field="window")
    if not any((one.start, one.end) == (window.start, window.end) for one in windows_ahead(at, zone, plan)):
        message = _("This delivery window is closed: the cut-off has passed. Choose another one.")
        raise InvalidWindow(message, field="window")
