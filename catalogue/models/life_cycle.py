"""The history of a product's stages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from catalogue.models.product import Product
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class OfProductQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfProductQuerySet:
        return self.filter(product__in=Product.objects.visible_to(actor))


class StageChange(TenantModel):
    """A move of a product from one stage to the next. Append-only."""

    product = TenantForeignKey(Product, related_name="stage_changes", verbose_name=_("product"))
    old = models.CharField(_("from stage"), max_length=12, choices=Product.Stage.choices)
    new = models.CharField(_("to stage"), max_length=12, choices=Product.Stage.choices)
    successor = TenantForeignKey(
        Product, null=True, blank=True, related_name="+", verbose_name=_("successor")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=200)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfProductQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        indexes = [models.Index(fields=["tenant", "product", "at"], name="stage_change_product")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
