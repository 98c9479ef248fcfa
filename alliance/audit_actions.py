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


class DutyAction(TextChoices):
    REPORT = "duty.report", _("evidence of a duty reported")
    ENTER_KPI = "kpi.enter", _("KPI entered by hand")


class PlanAction(TextChoices):
    DRAFT = "plan.draft", _("channel plan drafted")
    SET_TARGETS = "plan.set_targets", _("targets set")
    SET_OBJECTIVES = "plan.set_objectives", _("objectives set")
    HAND_DOWN = "plan.hand_down", _("plan handed down")
    AGREE = "plan.agree", _("objective agreed")
    COUNTER = "plan.counter", _("other objective asked for")
    REVISE = "plan.revise", _("objective changed")
    ACTIVATE = "plan.activate", _("plan in force")
