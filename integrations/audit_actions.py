"""The actions that integrations record in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApiKeyAction(TextChoices):
    ISSUE = "api_key.issue", _("API key issued")
    REVOKE = "api_key.revoke", _("API key revoked")
