"""Models of tiers, their monthly inputs and the scorecards."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models.territory import TERRITORY_ROLES
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from ui.models import BilingualName

DIMENSIONS = ("scale", "expertise", "coverage", "growth", "collaboration")


class Tier(BilingualName, TenantModel):
    """A tier of the tenant, reached at `from_score` of 100."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=40)
    from_score = models.DecimalField(_("from score"), max_digits=5, decimal_places=2)

    class Meta(TenantModel.Meta):
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="tier_code"),
            models.UniqueConstraint(fields=["tenant", "from_score"], name="tier_from_score"),
        ]


def _dimension(name: Any) -> Any:
    return models.DecimalField(name, max_digits=5, decimal_places=2, null=True, blank=True)


class OfPartyQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfPartyQuerySet:
        """Return the rows of the parties that the actor may see, for those who see tiers.

        A partner sees its own and those of the parties that it supplies, never its supplier's.
        """
        if not actor.may("tier.view"):
            return self.none()
        if actor.party_kind != MANUFACTURER:
            return self.filter(Q(party_id=actor.party_id) | Q(party__parent_id=actor.party_id))
        if actor.role not in TERRITORY_ROLES:
            return self.all()
        return self.filter(party__in=apps.get_model("dealers", "Party").objects.visible_to(actor))


class MonthInput(TenantModel):
    """The five dimensions of one party in one month, 0–100; null if there is no data."""

    party = TenantForeignKey("dealers.Party", models.CASCADE, verbose_name=_("party"))
    month = models.DateField(_("month"))
    scale = _dimension(_("scale"))
    expertise = _dimension(_("expertise"))
    coverage = _dimension(_("coverage"))
    growth = _dimension(_("growth"))
    collaboration = _dimension(_("collaboration"))
    evidence = models.JSONField(_("evidence"), default=dict)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfPartyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("month's dimensions")
        verbose_name_plural = _("months' dimensions")
        constraints = [models.UniqueConstraint(fields=["tenant", "month", "party"], name="month_input_once")]

    def __str__(self) -> str:
        return f"{self.party} {self.month:%Y-%m}"


class TierMonth(TenantModel):
    """The scorecard of one party in one month: score, tier, move and reasons. Never edited."""

    class Move(models.TextChoices):
        STAY = "stay", _("stays")
        PROMOTE = "promote", _("promoted")
        WARN = "warn", _("warned")
        DEMOTE = "demote", _("demoted")
        LOW_CONFIDENCE = "low_confidence", _("too little data")

    party = TenantForeignKey("dealers.Party", related_name="tier_months", verbose_name=_("party"))
    month = models.DateField(_("month"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    before = TenantForeignKey(Tier, null=True, related_name="+", verbose_name=_("tier before"))
    tier = TenantForeignKey(Tier, related_name="+", verbose_name=_("tier"))
    move = models.CharField(_("move"), max_length=14, choices=Move.choices)
    months_below = models.PositiveSmallIntegerField(_("months below the bar"), default=0)
    reasons = models.JSONField(_("reasons"), default=dict)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfPartyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        constraints = [models.UniqueConstraint(fields=["tenant", "month", "party"], name="tier_month_once")]
        indexes = [models.Index(fields=["tenant", "party", "-month"], name="tier_history")]

    def __str__(self) -> str:
        return f"{self.party} {self.month:%Y-%m}"
