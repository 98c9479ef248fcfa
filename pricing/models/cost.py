"""The dated costs of the manufacturer's products."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from catalogue.models import Product
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ProductCostQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ProductCostQuerySet:
        """Return the costs to the manufacturer's people with the right `cost.view`; partners see none."""
        sees = actor.party_kind == MANUFACTURER and actor.may("cost.view")
        return self.all() if sees else self.none()


class ProductCost(TenantModel):
    """What one base unit of a product costs the manufacturer, from a day on until the next cost."""

    product = TenantForeignKey(Product, models.CASCADE, related_name="costs", verbose_name=_("product"))
    starts_on = models.DateField(_("from"))
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=4)

    objects: ClassVar[Any] = TenantManager.from_queryset(ProductCostQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("product cost")
        verbose_name_plural = _("product costs")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "product", "starts_on"], name="product_cost_day"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="product_cost_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.cost}"
