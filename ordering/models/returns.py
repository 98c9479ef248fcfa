"""Returns of goods and their lines."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from catalogue.models import Product
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from ordering.models.order import Order, OrderLine, money, price, visible_trades
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ReturnQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ReturnQuerySet:
        if not actor.may("order.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES:
            return self.all()
        return self.filter(visible_trades(actor))


class Return(TenantModel):
    """Goods that were returned and credited, with or without their order."""

    order = TenantForeignKey(Order, null=True, related_name="returns", verbose_name=_("order"))
    seller = TenantForeignKey(Party, related_name="+", verbose_name=_("seller"))
    buyer = TenantForeignKey(Party, related_name="+", verbose_name=_("buyer"))
    number = models.CharField(_("number"), max_length=130)
    source = models.CharField(_("outside number"), max_length=120, blank=True)
    returned_at = models.DateTimeField(_("returned at"))
    returned_on = models.DateField(_("returned on"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    net = money(_("net"))
    tax = money(_("tax"))
    credit = money(_("credited"))

    objects: ClassVar[Any] = TenantManager.from_queryset(ReturnQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="return_number"),
            models.UniqueConstraint(
                fields=["tenant", "source", "buyer"], condition=~Q(source=""), name="return_source_once"
            ),
            models.CheckConstraint(
                condition=Q(credit=models.F("net") + models.F("tax")), name="return_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "buyer", "-returned_at"], name="return_by_buyer"),
            models.Index(fields=["tenant", "order"], name="return_by_order"),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(TenantModel):
    """Returned units of one product, paid and free, and their credit."""

    parent = TenantForeignKey(Return, related_name="lines", verbose_name=_("return"))
    order_line = TenantForeignKey(OrderLine, null=True, related_name="returns", verbose_name=_("order line"))
    product = TenantForeignKey(Product, related_name="+", verbose_name=_("product"))
    qty = models.PositiveIntegerField(_("quantity"))
    free_qty = models.PositiveIntegerField(_("free"), default=0)
    charged_free = models.PositiveIntegerField(_("free units charged"), default=0)
    unit_price = price(_("price"), default=0)
    net = money(_("net"))
    tax = money(_("tax"))

    class Meta(TenantModel.Meta):
        verbose_name = _("return line")
        verbose_name_plural = _("return lines")
        constraints = [
            models.CheckConstraint(
                condition=Q(qty__gt=0) | Q(free_qty__gt=0) | Q(charged_free__gt=0), name="return_line_some"
            )
        ]
        indexes = [models.Index(fields=["tenant", "parent"], name="return_line_of_return")]

    def __str__(self) -> str:
        return f"{self.product} × {self.qty}"
