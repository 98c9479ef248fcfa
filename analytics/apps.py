from django.utils.translation import gettext_lazy as _

from analytics.audit_actions import TierAction
from tenancy.rooms import JobKind, RoomConfig, ScheduledCall


class AnalyticsConfig(RoomConfig):
    name = "analytics"
    verbose_name = _("Analytics")
    audit_actions = (TierAction,)
    job_kinds = (JobKind("analytics.tier_month", _("Tiers of a month"), figures_right="tier.view"),)
    schedule = (
        ScheduledCall("analytics.operations.tier_months.request_due_month", every=("daily", "monthly")),
    )
