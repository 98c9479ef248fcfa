"""Stock reports: the counts and receipts that changed a party's stock."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class StockReportQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> StockReportQuerySet:
        if not actor.may("stock.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            return self.filter(party__in=Party.objects.visible_to(actor))
        return self.filter(party_id=actor.party_id)


class StockReport(TenantModel):
    """A count or a receipt of a party's stock under an outside number, which counts once. Append-only.

    `lines` is [[sku, {"on_hand": 40, "safety": 5}], …], to compare a repeated report with.
    """

    class Mode(models.TextChoices):
        COUNT = "count", _("count")
        RECEIPT = "receipt", _("receipt")

    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    source = models.CharField(_("outside number"), max_length=100)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices)
    lines = models.JSONField(_("lines"))
    reported_at = models.DateTimeField(_("reported at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(StockReportQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("stock report")
        verbose_name_plural = _("stock reports")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "party", "source"], name="stock_report_once")
        ]

    def __str__(self) -> str:
        return self.source
