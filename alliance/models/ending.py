"""Why and by whom a contract ended, and which messages about its end were sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EndReason(models.TextChoices):
    """Why a contract ended. TERM_OVER and REPLACED are written by the daily round, the others by a person."""

    TERM_OVER = "term_over", _("term over")
    REPLACED = "replaced", _("replaced by the next version")
    AGREED = "agreed", _("agreed by the three")
    BREACH = "breach", _("a side broke the contract")
    CLOSING = "closing", _("a side gives up the business")
    REORGANISED = "reorganised", _("regions are divided anew")
    OTHER = "other", _("another reason")


class EndedBy(models.TextChoices):
    """The side that caused the early end of a contract."""

    MANUFACTURER = "manufacturer", _("manufacturer")
    DEALER = "dealer", _("dealer")
    MEMBER = "member", _("alliance member")
    MUTUAL = "mutual", _("all three agreed")


BY_ITSELF = (EndReason.TERM_OVER, EndReason.REPLACED)
BY_A_PERSON = tuple(one for one in EndReason if one not in BY_ITSELF)


class NoticeKind(models.TextChoices):
    """A message about a contract that is sent once."""

    EXPIRING_90 = "expiring_90", _("ends in 90 days")
    EXPIRING_30 = "expiring_30", _("ends in 30 days")
    EXPIRING_7 = "expiring_7", _("ends in 7 days")
    DEPOSIT_DUE = "deposit_due", _("security deposit is due")
    DEPOSIT_RETURN = "deposit_return", _("security deposit is to be returned")
