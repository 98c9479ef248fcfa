"""Prices that a person set for lines of orders."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from catalogue.models import Product
from ordering.models.order import Order, money
from ordering.models.order import price as price_column
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ManualPriceQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ManualPriceQuerySet:
        """Return the prices that the actor's own party set as the seller; nobody else sees the reasons."""
        if not actor.may("price.view") or actor.party_id is None:
            return self.none()
        orders = Order.objects.visible_to(actor).filter(seller_id=actor.party_id)
        return self.filter(order__in=orders)


class ManualPrice(TenantModel):
    """The price that a person of the seller set for a line, in place of the list price. Append-only.

    Both prices are for `per` base units; `list_price` is empty if no list had a price. `difference` is what
    the line costs less (negative) or more than at the list price, schemes not counted.
    """

    order = TenantForeignKey(Order, related_name="manual_prices", verbose_name=_("order"))
    position = models.PositiveIntegerField(_("position"))
    product = TenantForeignKey(Product, related_name="+", verbose_name=_("product"))
    sku = models.CharField(_("SKU"), max_length=60)
    qty = models.PositiveIntegerField(_("quantity"))
    per = models.PositiveIntegerField(_("per base units"), default=1)
    price_list = models.CharField(_("price list"), max_length=40, blank=True)
    list_price = price_column(_("list price"), null=True)
    price = price_column(_("manual price"))
    difference = money(_("difference"), null=True)
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("set by"),
    )
    set_by_name = models.CharField(_("set by"), max_length=200)
    set_at = models.DateTimeField(_("set at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(ManualPriceQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("manual price")
        verbose_name_plural = _("manual prices")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "position"], name="manual_price_once"),
            models.CheckConstraint(condition=Q(price__gte=0, per__gte=1), name="manual_price_sane"),
            models.CheckConstraint(condition=~Q(reason=""), name="manual_price_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.sku}: {self.price}"
