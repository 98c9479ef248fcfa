"""Models of products, their units and barcodes, and of brands and categories."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import LPad
from django.utils.translation import gettext_lazy as _
from stdnum import ean

from accounts.rights import MANUFACTURER, Actor
from catalogue.models.lookup_key import LookupKey
from catalogue.models.tax import TaxClass
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from ui.models import BilingualName

GTIN_DIGITS = 14


class Brand(BilingualName, TenantModel):
    name = models.CharField(_("name"), max_length=100)

    class Meta(TenantModel.Meta):
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="brand_name")]


class Category(BilingualName, TenantModel):
    """A category of products, alone or below a `parent`: what names a category includes those below it."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    parent = TenantForeignKey(
        "catalogue.Category",
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent category"),
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="category_code"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="category_not_its_own_parent"),
        ]
        indexes = [models.Index(fields=["tenant", "parent"], name="category_by_parent")]


class ProductQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ProductQuerySet:
        """Return the products to an actor with the right `catalogue.view`; partners see none in development.

        Products carry no prices; those are in the pricing room.
        """
        if not actor.may("catalogue.view"):
            return self.none()
        return self.all() if actor.party_kind == MANUFACTURER else self.exclude(stage="development")


class Product(TenantModel):
    """A stock-keeping unit. Every quantity of it is a whole number of its base unit."""

    class Stage(models.TextChoices):
        DEVELOPMENT = "development", _("in development")
        TRIAL = "trial", _("on trial")
        ACTIVE = "active", _("on sale")
        ENDING = "ending", _("being phased out")
        ENDED = "ended", _("discontinued")

    sku = models.CharField(_("SKU"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    sku_key = LookupKey(_("spelling of the SKU"), max_length=120, source="sku")
    name_key = LookupKey(_("spelling of the name"), max_length=200, source="name")
    search = models.CharField(max_length=600, blank=True, editable=False)
    category = TenantForeignKey(Category, verbose_name=_("category"), null=True, blank=True)
    brand = TenantForeignKey(Brand, verbose_name=_("brand"), null=True, blank=True)
    base_unit = models.CharField(_("base unit"), max_length=20, default="瓶")
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=4, default="0.13")
    tax_class = TenantForeignKey(TaxClass, verbose_name=_("tax class"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.ACTIVE)
    successor = TenantForeignKey(
        "self", null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(ProductQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sku"], name="product_sku"),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0, tax_rate__lt=1), name="product_tax_rate"
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("id")), name="product_not_its_own_successor"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "sku_key"], name="product_sku_key"),
            models.Index(fields=["tenant", "name_key"], name="product_name_key"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"


class Unit(TenantModel):
    """A larger unit of a product that holds `factor` base units."""

    product = TenantForeignKey(Product, models.CASCADE, related_name="units", verbose_name=_("product"))
    name = models.CharField(_("name"), max_length=20)
    factor = models.PositiveIntegerField(_("base units"))

    class Meta(TenantModel.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "product", "name"], name="unit_name"),
            models.CheckConstraint(condition=models.Q(factor__gte=1), name="unit_factor"),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.factor}"


def check_barcode(code: str) -> None:
    """Raise ValidationError for an EAN or GTIN with a wrong check digit."""
    if not ean.is_valid(code):
        raise ValidationError(
            _("%(code)s is no valid barcode (8, 12, 13 or 14 digits with a check digit)."),
            params={"code": code},
        )


class Barcode(TenantModel):
    """A GTIN of a product's unit, None for the base unit. Leading zeros make no difference."""

    product = TenantForeignKey(Product, models.CASCADE, related_name="barcodes", verbose_name=_("product"))
    code = models.CharField(_("barcode"), max_length=GTIN_DIGITS, validators=[check_barcode])
    unit = TenantForeignKey(Unit, models.CASCADE, null=True, blank=True, verbose_name=_("unit"))

    class Meta(TenantModel.Meta):
        verbose_name = _("barcode")
        verbose_name_plural = _("barcodes")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="barcode_code"),
            models.UniqueConstraint(
                "tenant", LPad("code", GTIN_DIGITS, models.Value("0")), name="barcode_gtin"
            ),
        ]

    def __str__(self) -> str:
        return self.code
