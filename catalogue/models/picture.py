"""Pictures of products, in two sizes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.models.life_cycle import OfProductQuerySet
from catalogue.models.product import Product
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class ProductPicture(TenantModel):
    """A picture as WebP without metadata: `large` for the product's page, `small` for lists."""

    product = TenantForeignKey(Product, models.CASCADE, related_name="pictures", verbose_name=_("product"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    large = models.BinaryField(_("large picture"))
    small = models.BinaryField(_("small picture"))
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.CharField(_("uploaded by"), max_length=150)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfProductQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("picture of a product")
        verbose_name_plural = _("pictures of products")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "product", "sha256"], name="product_picture_once")
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.position}"
