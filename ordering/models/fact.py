from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel


class TradeFact(TenantModel):
    """One seller, buyer, product and day: what was ordered, delivered and returned.

    Kept in the same transaction as the deed; settlements and tiers read this and nothing else.
    Partitioned by month of `day`, keyed (tenant_id, day, seller, buyer, product), and equal to
    the fold of orders, shipments and returns (ordering.queries.reconciliation proves it).
    """

    day = models.DateField(_("day"))
    seller_id = models.UUIDField()
    buyer_id = models.UUIDField()
    product_id = models.UUIDField()
    ordered_qty = models.BigIntegerField(default=0)
    ordered_net = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    delivered_qty = models.BigIntegerField(default=0)
    delivered_free = models.BigIntegerField(default=0)
    delivered_net = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    returned_qty = models.BigIntegerField(default=0)
    returned_net = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("trade fact")
        verbose_name_plural = _("trade facts")

    def __str__(self) -> str:
        return f"{self.day} {self.buyer_id} {self.product_id}"


class TradeDay(TenantModel):
    """One seller, buyer and day: what was delivered and returned of all products.

    Kept beside the facts in the same statement, and equal to their sum (ordering.queries.reconciliation
    proves it): a month of a large seller is read without its lines.
    """

    day = models.DateField(_("day"))
    seller_id = models.UUIDField()
    buyer_id = models.UUIDField()
    delivered_net = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    returned_net = models.DecimalField(max_digits=16, decimal_places=2, default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("day of trade")
        verbose_name_plural = _("days of trade")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "seller_id", "day", "buyer_id"],
                include=["delivered_net", "returned_net"],
                name="trade_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.seller_id} {self.buyer_id}"
