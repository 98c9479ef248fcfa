"""Tax classes with the history of their rates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantForeignKey, TenantModel


class TaxClass(TenantModel):
    """A class of goods that are taxed alike. `Product.tax_rate` holds the rate in force today."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)

    class Meta(TenantModel.Meta):
        verbose_name = _("tax class")
        verbose_name_plural = _("tax classes")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="tax_class_code")]

    def __str__(self) -> str:
        return self.name


class TaxRate(TenantModel):
    """The rate of a tax class from a day on, until the next one starts."""

    tax_class = TenantForeignKey(TaxClass, models.CASCADE, related_name="rates", verbose_name=_("tax class"))
    starts_on = models.DateField(_("from"))
    rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=4)

    class Meta(TenantModel.Meta):
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "tax_class", "starts_on"], name="tax_rate_day"),
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lt=1), name="tax_rate_range"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.rate}"
