"""Models of portfolios: named sets of products that contracts and channels refer to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models.product import Product, ProductQuerySet
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class Portfolio(TenantModel):
    """A named set of products, such as the range for restaurants."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)

    objects: ClassVar[Any] = TenantManager.from_queryset(ProductQuerySet)()

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
