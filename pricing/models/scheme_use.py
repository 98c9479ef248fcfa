"""The models of what orders have used of schemes, and of what is used of a budget."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from dealers.models import Party
from pricing.models.scheme import Scheme
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class SchemeBudget(TenantModel):
    """What is used of the budget of a published scheme. Orders lock this row; a scheme without has none."""

    scheme = TenantForeignKey(Scheme, related_name="budgets", verbose_name=_("scheme"))
    used_money = models.DecimalField(_("used money"), max_digits=16, decimal_places=2, default=0)
    used_units = models.PositiveBigIntegerField(_("used units"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("used budget")
        verbose_name_plural = _("used budgets")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "scheme"], name="scheme_budget_once"),
            models.CheckConstraint(condition=Q(used_money__gte=0), name="scheme_budget_used"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme_id}"


class SchemeUseQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> SchemeUseQuerySet:
        """Return the uses of the schemes that the actor sees; of a supplier's scheme its own uses only."""
        rows = self.filter(scheme__in=Scheme.objects.visible_to(actor))
        return rows.filter(Q(scheme__seller=actor.party_id) | Q(buyer=actor.party_id))


class SchemeUse(TenantModel):
    """What one order uses of one scheme, taken when the order is placed.

    `units` and `money` are what is in use still: a cancellation or a return gives a part of the first
    values back. `parts` has the units and money of each order line, from which the parts follow.
    """

    scheme = TenantForeignKey(Scheme, related_name="uses", verbose_name=_("scheme"))
    buyer = TenantForeignKey(Party, related_name="+", verbose_name=_("buyer"))
    order_id = models.UUIDField(_("order"), editable=False)
    order_number = models.CharField(_("order number"), max_length=120)
    at = models.DateTimeField(_("at"))
    first_units = models.PositiveIntegerField(_("units at first"))
    first_money = models.DecimalField(_("money at first"), max_digits=16, decimal_places=2)
    units = models.PositiveIntegerField(_("units"))
    money = models.DecimalField(_("money"), max_digits=16, decimal_places=2)
    parts = models.JSONField(_("parts"), default=list)

    objects: ClassVar[Any] = TenantManager.from_queryset(SchemeUseQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("use of a scheme")
        verbose_name_plural = _("uses of schemes")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order_id", "scheme"], name="scheme_use_once"),
            models.CheckConstraint(
                condition=Q(units__lte=F("first_units"), money__gte=0, money__lte=F("first_money")),
                name="scheme_use_within",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "scheme", "buyer"], include=["units", "money"], name="scheme_use_by_buyer"
            )
        ]

    def __str__(self) -> str:
        return self.order_number
