"""Audit actions of the alliance."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContractAction(TextChoices):
    DRAFT = "contract.draft", _("contract drafted")
    EDIT = "contract.edit", _("contract changed")
    SET_AREAS = "contract.set_areas", _("regions set")
    SET_SPREADS = "contract.set_spreads", _("spreads set")
    SET_TERMS = "contract.set_terms", _("guarantees and duties set")
    PROPOSE = "contract.propose", _("contract proposed")
    TAKE_OVER = "contract.take_over", _("proposal taken over")
    REVIEW_WORDING = "contract.review_wording", _("clause reviewed")
    SAVE_TEMPLATE = "contract.save_template", _("contract template saved")
    DELETE_TEMPLATE = "contract.delete_template", _("contract template deleted")
    SUBMIT = "contract.submit", _("submitted for signing")
    REOPEN = "contract.reopen", _("returned to draft")
    SIGN = "contract.sign", _("contract signed")
    CONCLUDE = "contract.conclude", _("signed by all three")
    ACTIVATE = "contract.activate", _("contract in force")
    DRAFT_NEXT = "contract.draft_next", _("next version drafted")
    REPLACE = "contract.replace", _("replaced by the next version")
    END = "contract.end", _("contract terminated")
    REMAP = "contract.remap", _("regions re-mapped")
    ANNOUNCE_END = "contract.announce_end", _("early end announced")
    EXPIRE = "contract.expire", _("contract ended by its date")
    REMIND = "contract.remind", _("end of the contract reminded of")
    REMIND_DEPOSIT = "contract.remind_deposit", _("security deposit reminded of")
    MEASURE = "contract.measure", _("measurement of a month started")
    REQUEST_SIGNATURE = "contract.request_signature", _("certified signature requested")


class RecruitmentAction(TextChoices):
    APPLY = "recruitment.apply", _("application received")
    REVIEW = "recruitment.review", _("review begun")
    COMMENT = "recruitment.comment", _("comment on an application")
    VISIT = "recruitment.visit", _("site visit noted")
    QUALIFY = "recruitment.qualify", _("qualification checked")
    QUESTION = "recruitment.question", _("question to an applicant")
    ANSWER = "recruitment.answer", _("answer of an applicant")
    ACCEPT = "recruitment.accept", _("application accepted")
    REFUSE = "recruitment.refuse", _("application refused")


class AuthorisationAction(TextChoices):
    ISSUE = "authorisation.issue", _("authorisation issued")
    REVOKE = "authorisation.revoke", _("authorisation revoked")
    REMIND = "authorisation.remind", _("reminder of the end of an authorisation sent")


class BreachAction(TextChoices):
    REPORT_SERVICE = "guarantee.report_service", _("service reported")
    REPLY = "breach.reply", _("breach replied to")
    DECIDE = "breach.decide", _("breach decided")
    REMIND = "breach.remind", _("reminded to reply")


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


class RegionMapAction(TextChoices):
    UPLOAD = "region_map.upload", _("map of regions uploaded")
    REMOVE = "region_map.remove", _("map of regions removed")
