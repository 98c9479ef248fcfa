"""The attributes that a category defines, and their values for each product."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models.product import Category, Product
from tenancy.models import TenantForeignKey, TenantModel


class CategoryAttribute(TenantModel):
    """A property that the products of a category have, such as the shelf life in days.

    `choices` holds the allowed values of a choice, one a line.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("free text")
        NUMBER = "number", _("figure")
        CHOICE = "choice", _("choice")

    category = TenantForeignKey(
        Category, models.CASCADE, related_name="attributes", verbose_name=_("category")
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.TEXT)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    choices = models.CharField(_("choices"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("attribute of a category")
        verbose_name_plural = _("attributes of categories")
        constraints = [models.UniqueConstraint(fields=["tenant", "category", "name"], name="attribute_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def options(self) -> list[str]:
        return [one.strip() for one in self.choices.splitlines() if one.strip()]


class ProductAttribute(TenantModel):
    """The value of an attribute for one product; a number is stored as its plain decimal text."""

    product = TenantForeignKey(Product, models.CASCADE, related_name="attributes", verbose_name=_("product"))
    attribute = TenantForeignKey(
        CategoryAttribute, models.CASCADE, related_name="values", verbose_name=_("attribute")
    )
    value = models.CharField(_("value"), max_length=200)

    class Meta(TenantModel.Meta):
        verbose_name = _("attribute of a product")
        verbose_name_plural = _("attributes of products")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "product", "attribute"], name="product_attribute_once")
        ]

    def __str__(self) -> str:
        return self.value
