"""Audit actions of approvals. Each is recorded about the row that the change is for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApprovalAction(TextChoices):
    REQUEST = "approval.request", _("approval requested")
    APPROVE = "approval.approve", _("approved by a second person")
    REJECT = "approval.reject", _("rejected by a second person")
    WITHDRAW = "approval.withdraw", _("request withdrawn")
    SET_RULE = "approval.set_rule", _("rule of approvals set")
