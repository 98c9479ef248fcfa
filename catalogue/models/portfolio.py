"""Models of portfolios: named sets of products that contracts and channels refer to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from catalogue.models.product import Product
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class PortfolioQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> PortfolioQuerySet:
        """Return the portfolios to an actor with the right `catalogue.view`."""
        return self.all() if actor.may("catalogue.view") else self.none()


class Portfolio(TenantModel):
    """A named set of products, such as the range for restaurants, with the days on which it is in force."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("valid through"), null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(PortfolioQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("portfolio")
        verbose_name_plural = _("portfolios")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="portfolio_code")]

    def __str__(self) -> str:
        return self.name


class PortfolioProduct(TenantModel):
    portfolio = TenantForeignKey(
        Portfolio, models.CASCADE, related_name="products", verbose_name=_("portfolio")
    )
    product = TenantForeignKey(Product, models.CASCADE, related_name="portfolios", verbose_name=_("product"))

    class Meta(TenantModel.Meta):
        verbose_name = _("product of a portfolio")
        verbose_name_plural = _("products of portfolios")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "portfolio", "product"], name="portfolio_product_once")
        ]

    def __str__(self) -> str:
        return str(self.product)
