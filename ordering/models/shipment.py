"""Shipments and their lines."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from ordering.models.order import Order, OrderLine, money
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ShipmentQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ShipmentQuerySet:
        return self.filter(order__in=Order.objects.visible_to(actor))


class Shipment(TenantModel):
    """Goods of an order sent together: shipped, then delivered and signed for.

    The buyer confirms the receipt. `slip_at` is when the seller uploaded a signed delivery slip; a shipment
    that the buyer left unanswered for the tenant's hours after that is received by time-out. `source` is the
    number in the seller's system, `requested` the lines that its request named; null for all that was open.
    """

    class State(models.TextChoices):
        SHIPPED = "shipped", _("in transit")
        DELIVERED = "delivered", _("delivered")

    order = TenantForeignKey(Order, related_name="shipments", verbose_name=_("order"))
    number = models.CharField(_("number"), max_length=130)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    shipped_at = models.DateTimeField(_("shipped at"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    delivered_on = models.DateField(_("delivered on"), null=True)
    signed_by = models.CharField(_("signed by"), max_length=100, blank=True)
    amount = money(_("amount"), default=0)
    slip_at = models.DateTimeField(_("delivery slip uploaded at"), null=True)
    timed_out = models.BooleanField(_("received by time-out"), default=False, db_default=False)
    source = models.CharField(_("outside number"), max_length=120, blank=True, default="", db_default="")
    requested = models.JSONField(_("requested lines"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(ShipmentQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="shipment_number"),
            models.UniqueConstraint(
                fields=["tenant", "source"], condition=~Q(source=""), name="shipment_source_once"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=models.F("shipped_at")),
                name="shipment_time",
            ),
            models.CheckConstraint(
                condition=Q(timed_out=False) | Q(slip_at__isnull=False, delivered_at__isnull=False),
                name="shipment_timed_out_with_slip",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "order"], name="shipment_by_order"),
            models.Index(
                fields=["tenant", "slip_at"],
                condition=Q(state="shipped", slip_at__isnull=False),
                name="shipment_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(TenantModel):
    """Units of an order line in a shipment, paid and free, and their money."""

    shipment = TenantForeignKey(Shipment, related_name="lines", verbose_name=_("shipment"))
    order_line = TenantForeignKey(OrderLine, related_name="shipments", verbose_name=_("order line"))
    qty = models.PositiveIntegerField(_("quantity"))
    free_qty = models.PositiveIntegerField(_("free"), default=0)
    net = money(_("net"), default=0)
    tax = money(_("tax"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "shipment", "order_line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(qty__gt=0) | Q(free_qty__gt=0), name="shipment_line_some"),
        ]
        indexes = [models.Index(fields=["tenant", "order_line"], name="shipment_line_of_line")]

    def __str__(self) -> str:
        return f"{self.order_line} × {self.qty}"
