from django.utils.translation import gettext_lazy as _

from analytics.audit_actions import TierAction
from tenancy.rooms import RoomConfig, ScheduledCall


class AnalyticsConfig(RoomConfig):
    name = "analytics"
    verbose_name = _("Analytics")
    audit_actions = (TierAction,)
    schedule = (
        ScheduledCall("analytics.operations.tier_months.request_due_month", every=("daily", "monthly")),
    )
