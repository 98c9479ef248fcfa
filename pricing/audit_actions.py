"""Audit actions of pricing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PriceListAction(TextChoices):
    DRAFT = "price_list.draft", _("price list drafted")
    EDIT = "price_list.edit", _("price list changed")
    SET_ENTRIES = "price_list.set_entries", _("prices set")
    DRY_RUN = "price_list.dry_run", _("dry run of the price list requested")
    CHANGE_ENTRIES = "price_list.change_entries", _("single prices changed")
    UPLOAD = "price_list.upload", _("uploaded prices taken over")
    PUBLISH = "price_list.publish", _("price list published")
    WITHDRAW = "price_list.withdraw", _("price list withdrawn")
    COPY = "price_list.copy", _("price list copied")
    DRAFT_NEXT = "price_list.draft_next", _("next version of the price list drafted")


class SchemeAction(TextChoices):
    DRAFT = "scheme.draft", _("scheme drafted")
    EDIT = "scheme.edit", _("scheme changed")
    PUBLISH = "scheme.publish", _("scheme published")
    WITHDRAW = "scheme.withdraw", _("scheme withdrawn")
    DRAFT_NEXT = "scheme.draft_next", _("next version of the scheme drafted")


class LimitAction(TextChoices):
    SET = "limit.set", _("price limit set")
    END = "limit.end", _("price limit ended")


class CostAction(TextChoices):
    SET = "cost.set", _("product cost set")
