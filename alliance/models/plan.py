"""Models of the channel plan of a year: its targets, the objectives handed down, and the monthly results."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER, MANUFACTURER, Actor
from alliance.domain import channel_plan
from catalogue.models import Category, Portfolio
from dealers.models import Channel, Party, Region
from dealers.models.party import TERRITORY_ROLES
from dealers.models.territory import regions_of
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class PlanMetric(models.TextChoices):
    """What a target of the plan counts; a volume counts base units, an expense is measured later."""

    OUTLETS = channel_plan.OUTLETS, _("active outlets")
    VOLUME = channel_plan.VOLUME, _("volume")
    PORTFOLIO = channel_plan.PORTFOLIO, _("products of the portfolio sold")
    EXPENSE = channel_plan.EXPENSE, _("expense")


class PlanQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> PlanQuerySet:
        """Return all plans for the staff; for a partner those that were handed down to it."""
        if not actor.may("plan.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            return self.all()
        own = PlanObjective.objects.filter(party_id=actor.party_id)
        return self.exclude(state=ChannelPlan.State.DRAFT).filter(id__in=own.values("target__plan_id"))


class ChannelPlan(TenantModel):
    """The channel plan of a year. It is drafted, handed down as objectives, and in force once agreed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        HANDED_DOWN = "handed_down", _("handed down")
        IN_FORCE = "in_force", _("in force")

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    gap_reason = models.CharField(_("why it has gaps"), max_length=300, blank=True)
    measured_at = models.DateTimeField(_("measured at"), null=True, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(PlanQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("channel plan")
        verbose_name_plural = _("channel plans")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="channel_plan_code"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="channel_plan_year"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PlanTargetQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> PlanTargetQuerySet:
        """Return the targets for the staff, in their territories; a partner sees its objectives instead."""
        if not actor.may("plan.view") or actor.party_kind != MANUFACTURER:
            return self.none()
        if actor.role in TERRITORY_ROLES:
            return self.filter(region__in=regions_of(actor.user_id))
        return self.all()


class PlanTarget(TenantModel):
    """A target of a plan for a region, and for a channel and a category or a portfolio if it has them.

    `months` are the twelve amounts; for a volume or an expense they add up to `annual`, for outlets and
    products, which are a level, the largest is `annual`.
    """

    plan = TenantForeignKey(ChannelPlan, models.CASCADE, related_name="targets", verbose_name=_("plan"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_index=False, verbose_name=_("region"))
    channel = TenantForeignKey(Channel, null=True, blank=True, verbose_name=_("channel"))
    category = TenantForeignKey(Category, null=True, blank=True, verbose_name=_("category"))
    portfolio = TenantForeignKey(Portfolio, null=True, blank=True, verbose_name=_("portfolio"))
    metric = models.CharField(_("measured by"), max_length=10, choices=PlanMetric.choices)
    annual = models.DecimalField(_("target of the year"), max_digits=14, decimal_places=2)
    months = ArrayField(
        models.DecimalField(max_digits=14, decimal_places=2), size=12, verbose_name=_("targets of the months")
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(PlanTargetQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("target of a plan")
        verbose_name_plural = _("targets of plans")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "region", "channel", "category", "portfolio", "metric"],
                name="plan_target_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(annual__gt=0), name="plan_target_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.get_metric_display()}"


class PlanObjectiveQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> PlanObjectiveQuerySet:
        """Return for the staff those of parties that they see; for a partner its own and its members'."""
        if not actor.may("plan.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            if actor.role not in TERRITORY_ROLES:
                return self.all()
            return self.filter(party__in=Party.objects.visible_to(actor))
        found = self.exclude(target__plan__state=ChannelPlan.State.DRAFT)
        if actor.party_kind == DEALER:
            return found.filter(Q(party_id=actor.party_id) | Q(parent__party_id=actor.party_id))
        return found.filter(party_id=actor.party_id)


class PlanObjective(TenantModel):
    """A part of a target that a dealer or, handed down by it, a member is to reach.

    The party agrees, or asks for another amount with a reason.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be answered")
        AGREED = "agreed", _("agreed")
        COUNTERED = "countered", _("asked to change")

    target = TenantForeignKey(PlanTarget, models.CASCADE, related_name="objectives", verbose_name=_("target"))
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    parent = TenantForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("handed down from"),
    )
    amount = models.DecimalField(_("objective"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    counter_amount = models.DecimalField(
        _("asked for"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=100, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(PlanObjectiveQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "target", "party"], name="plan_objective_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plan_objective_amount"),
            models.CheckConstraint(
                condition=~Q(state="countered") | Q(counter_amount__isnull=False),
                name="plan_objective_counter",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "party", "state"], name="plan_objective_of_party")]

    def __str__(self) -> str:
        return f"{self.target} {self.party}"


class PlanActual(TenantModel):
    """The result of a target in a month: of all parties, or of one that has an objective."""

    target = TenantForeignKey(PlanTarget, models.CASCADE, related_name="actuals", verbose_name=_("target"))
    party = TenantForeignKey(Party, null=True, blank=True, related_name="+", verbose_name=_("party"))
    month = models.DateField(_("month"))
    actual = models.DecimalField(_("result"), max_digits=16, decimal_places=2)

    class Meta(TenantModel.Meta):
        verbose_name = _("result of a plan")
        verbose_name_plural = _("results of plans")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "target", "party", "month"], name="plan_actual_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.month:%Y-%m}"
