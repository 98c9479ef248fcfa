"""Audit actions of the assortment."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TrialAction(TextChoices):
    OPEN = "trial.open", _("trial opened")
    EXTEND = "trial.extend", _("trial extended")
    ANSWER = "trial.answer", _("feedback on a trial given")
    DECIDE = "trial.decide", _("trial decided")


class IdeaAction(TextChoices):
    SUBMIT = "idea.submit", _("idea submitted")
    ANSWER = "idea.answer", _("idea answered")


class ChannelPortfolioAction(TextChoices):
    SET = "portfolio.channels", _("channels of a portfolio set")
