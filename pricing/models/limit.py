"""The model of price protection."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from alliance.models import Contract
from catalogue.models import Category, Product
from dealers.models import Party, Region
from pricing.models.audience import SellersQuerySet
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class LimitQuerySet(SellersQuerySet):
    def in_territories_of(self, actor: Actor) -> LimitQuerySet:
        """Return the limits of sellers in the actor's territories, and of contracts that the actor sees."""
        contracts = Contract.objects.visible_to(actor).values("code")
        mine = Q(contract_code="") | Q(contract_code__in=contracts)
        return self.filter(mine, seller__in=Party.objects.visible_to(actor))


class Limit(TenantModel):
    """A floor or ceiling for the seller's own net prices.

    It holds for the goods of its `product` or `category` (with those below it), or for all, and for the
    buyers that have its `level`, are in its `region` (or deeper) and buy under its contract: what is not
    named restricts nothing. It restricts the seller's own sales only; no observed market price is compared
    with it.
    """

    class Action(models.TextChoices):
        ADVISE = "advise", _("warn only")
        REVIEW = "review", _("needs approval")
        BLOCK = "block", _("block")

    seller = TenantForeignKey(Party, related_name="limits", verbose_name=_("seller"))
    product = TenantForeignKey(Product, null=True, blank=True, verbose_name=_("product"))
    category = TenantForeignKey(
        Category, null=True, blank=True, related_name="limits", verbose_name=_("category")
    )
    level = models.CharField(_("only for level"), max_length=12, choices=Party.Kind.choices, blank=True)
    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("only in region"),
    )
    contract_code = models.CharField(_("only for contract"), max_length=40, blank=True)
    clause = models.CharField(_("clause"), max_length=60)
    floor = models.DecimalField(_("floor"), max_digits=14, decimal_places=4, null=True, blank=True)
    ceiling = models.DecimalField(_("ceiling"), max_digits=14, decimal_places=4, null=True, blank=True)
    action = models.CharField(_("action"), max_length=6, choices=Action.choices)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("valid through"), null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(LimitQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("price limit")
        verbose_name_plural = _("price limits")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "tenant",
                    "seller",
                    "product",
                    "category",
                    "level",
                    "region",
                    "contract_code",
                    "clause",
                ],
                name="limit_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=True) | Q(category__isnull=True), name="limit_product_or_category"
            ),
            models.CheckConstraint(
                condition=Q(floor__isnull=False) | Q(ceiling__isnull=False), name="limit_says_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "seller"], condition=Q(product__isnull=True), name="limit_of_many_products"
            )
        ]

    def __str__(self) -> str:
        return self.clause
