from django.utils.translation import gettext_lazy as _

from tenancy.rooms import RoomConfig, ScheduledCall


class AnalyticsConfig(RoomConfig):
    name = "analytics"
    verbose_name = _("Analytics")
    schedule = (
        ScheduledCall("analytics.operations.tier_months.request_due_month", every=("daily", "monthly")),
    )
