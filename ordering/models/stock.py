"""Stock of the parties, and its movements."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from catalogue.models import Product
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class StockQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> StockQuerySet:
        if not actor.may("stock.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            return self.filter(party__in=Party.objects.visible_to(actor))
        return self.filter(party_id=actor.party_id)


class Stock(TenantModel):
    """The stock of one product at one party, in base units.

    `soft` is ordered but not confirmed, `hard` is confirmed. The units that may still be sold are on_hand −
    safety − quarantine − hard − soft.
    """

    party = TenantForeignKey(Party, related_name="stock", verbose_name=_("party"))
    product = TenantForeignKey(Product, related_name="stock", verbose_name=_("product"))
    on_hand = models.BigIntegerField(_("on hand"), default=0)
    safety = models.PositiveBigIntegerField(_("safety stock"), default=0)
    quarantine = models.PositiveBigIntegerField(_("quarantine"), default=0)
    hard = models.PositiveBigIntegerField(_("reserved"), default=0)
    soft = models.PositiveBigIntegerField(_("ordered"), default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(StockQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "party", "product"], name="stock_once"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=F("hard") + F("soft")), name="stock_not_oversold"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.product}"


class StockMovementQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> StockMovementQuerySet:
        return self.filter(stock__in=Stock.objects.visible_to(actor))


class StockMovement(TenantModel):
    """A change of `on_hand`, which is the sum of its movements. Append-only; a source moves a stock once."""

    stock = TenantForeignKey(Stock, related_name="movements", verbose_name=_("stock"))
    kind = models.CharField(_("kind"), max_length=12)
    qty = models.BigIntegerField(_("quantity"))
    source = models.CharField(_("source"), max_length=120)
    at = models.DateTimeField(_("at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(StockMovementQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "stock", "source"], name="stock_movement_once")
        ]

    def __str__(self) -> str:
        return f"{self.stock} {self.qty:+d}"
