"""The actions that rebates record in the audit trail."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ProgramAction(TextChoices):
    ACTIVATE = "program.activate", _("program activated")
    END = "program.end", _("program ended")


class SettlementAction(TextChoices):
    REQUEST = "settlement.request", _("settlement started")


class GuaranteeAction(TextChoices):
    REQUEST_BOOKING = "guarantee.request_booking", _("booking of guarantees started")
    BOOK = "guarantee.book", _("guarantees booked")
