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
    REMAP = "contract.remap", _("regions re-mapped")


class RegionMapAction(TextChoices):
    UPLOAD = "region_map.upload", _("map of regions uploaded")
    REMOVE = "region_map.remove", _("map of regions removed")
