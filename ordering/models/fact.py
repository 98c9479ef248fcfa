"""Trade facts: what was ordered, delivered and returned, summed by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel


class TradeFact(TenantModel):
    """What was ordered, delivered and returned of one seller, buyer, product and day.

    Written in the transaction of the operation; settlements and tiers read facts only. Partitioned by month
    of `day`, unique by (tenant_id, day, seller, buyer, product), and equal to the sums over orders,
    shipments and returns (ordering.queries.reconciliation checks this).
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
    """What was delivered and returned of all products of one seller, buyer and day.

    Written in the same statement as the facts and equal to their sum (ordering.queries.reconciliation
    checks this), so that a month of a large seller is read without its products.
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
