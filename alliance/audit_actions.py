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
    ACTIVATE = "contract.activate", _("contract in force")
    DRAFT_NEXT = "contract.draft_next", _("next version drafted")
    REPLACE = "contract.replace", _("replaced by the next version")
    END = "contract.end", _("contract terminated")
