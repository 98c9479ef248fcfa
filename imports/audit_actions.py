"""The actions that imports record in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportAction(TextChoices):
    REQUEST = "sales_import.request", _("sales import started")
