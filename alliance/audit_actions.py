"""Audit actions of the alliance."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContractAction(TextChoices):
    DRAFT = "contract.draft", _("contract drafted")
    EDIT = "contract.edit", _("contract changed")
    SET_AREAS = "contract.set_areas", _("regions set")
    SET_SPREADS = "contract.set_spreads", _("spreads set")
    SUBMIT = "contract.submit", _("submitted for signing")
    REOPEN = "contract.reopen", _("returned to draft")
    SIGN = "contract.sign", _("contract signed")
    ACTIVATE = "contract.activate", _("contract in force")
    DRAFT_NEXT = "contract.draft_next", _("next version drafted")
    REPLACE = "contract.replace", _("replaced by the next version")
    END = "contract.end", _("contract terminated")


class BreachAction(TextChoices):
    REPORT_SERVICE = "guarantee.report_service", _("service reported")
    REPLY = "breach.reply", _("breach replied to")
    DECIDE = "breach.decide", _("breach decided")
    REMIND = "breach.remind", _("reminded to reply")
