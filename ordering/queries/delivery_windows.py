"""Read the delivery windows that the tenant has set, or the standard ones."""

from __future__ import annotations

from datetime import time

from ordering.domain.delivery_windows import STANDARD, WindowPlan
from ordering.models import DeliveryPlan


def saved_plan() -> DeliveryPlan | None:
    """Return the stored row, or None."""
    found: DeliveryPlan | None = DeliveryPlan.objects.first()
    return found


def plan_in(row: DeliveryPlan | None) -> WindowPlan:
    """Return the plan of a row; without a row, the standard plan."""
    if row is None:
        return STANDARD
    return WindowPlan(
        hours=tuple([(time.fromisoformat(start), time.fromisoformat(end)) for start, end in row.hours]),
        weekdays=frozenset(row.weekdays),
        cut_off=row.cut_off,
        days_before=row.days_before,
        days_ahead=row.days_ahead,
        receipt_hours=row.receipt_hours,
    )


def window_plan() -> WindowPlan:
    """Return the tenant's plan. One statement."""
    return plan_in(saved_plan())
