"""The actions that analytics records in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TierAction(TextChoices):
    REQUEST_RUN = "tier.request_run", _("tier run started")
