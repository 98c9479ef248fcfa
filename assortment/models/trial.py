"""Trials of new products: the parties that try one, their feedback, and the verdict."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from catalogue.models import Product
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

MIN_SCORE, MAX_SCORE = 1, 5
ASPECTS = ("quality", "packaging", "price", "demand")


class TrialQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> TrialQuerySet:
        """Return every trial to the manufacturer's staff, to a partner those that name it."""
        if not actor.may("trial.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            return self.all()
        return self.filter(parties__party=actor.party_id)

    def open_on(self, day: date) -> TrialQuerySet:
        """Return the trials without a verdict whose period includes the day."""
        return self.filter(verdict="", starts_on__lte=day, until__gt=day)


class Trial(TenantModel):
    """A product on trial with chosen parties in `[starts_on, until)`; open without a verdict."""

    class Verdict(models.TextChoices):
        LAUNCH = "launch", _("launch it")
        DROP = "drop", _("drop it")

    product = TenantForeignKey(Product, related_name="trials", verbose_name=_("product"))
    purpose = models.CharField(_("question of the trial"), max_length=200)
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("ends before"))
    verdict = models.CharField(_("decision on the trial"), max_length=6, choices=Verdict.choices, blank=True)
    verdict_reason = models.CharField(_("reason"), max_length=500, blank=True)
    verdict_by = models.CharField(_("decided by"), max_length=200, blank=True)
    verdict_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.CharField(_("opened by"), max_length=200)

    objects: ClassVar[Any] = TenantManager.from_queryset(TrialQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("starts_on")), name="trial_period"),
            models.UniqueConstraint(
                fields=["tenant", "product"], condition=Q(verdict=""), name="trial_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.starts_on}"


class TrialParty(TenantModel):
    """A party that tries the product, and its feedback; `answered_at` is None before it has answered."""

    trial = TenantForeignKey(Trial, models.CASCADE, related_name="parties", verbose_name=_("trial"))
    party = TenantForeignKey(Party, related_name="trials", verbose_name=_("party"))
    planned_qty = models.PositiveIntegerField(_("planned quantity"), default=0)
    quality = models.PositiveSmallIntegerField(_("quality"), null=True, blank=True)
    packaging = models.PositiveSmallIntegerField(_("packaging"), null=True, blank=True)
    price = models.PositiveSmallIntegerField(_("price"), null=True, blank=True)
    demand = models.PositiveSmallIntegerField(_("demand"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("party of a trial")
        verbose_name_plural = _("parties of trials")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "trial", "party"], name="trial_party_once"),
            *[
                models.CheckConstraint(
                    condition=Q(**{f"{aspect}__isnull": True})
                    | Q(**{f"{aspect}__gte": MIN_SCORE, f"{aspect}__lte": MAX_SCORE}),
                    name=f"trial_score_{aspect}",
                )
                for aspect in ASPECTS
            ],
        ]

    def __str__(self) -> str:
        return f"{self.trial} {self.party}"

    @property
    def average(self) -> float | None:
        """Return the mean of the scores, None without an answer."""
        scores = [getattr(self, aspect) for aspect in ASPECTS]
        given = [score for score in scores if score is not None]
        return sum(given) / len(given) if given else None
