"""Signed delivery slips: what the buyer's people signed when the goods arrived."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from ordering.models.shipment import Shipment
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class DeliverySlipQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> DeliverySlipQuerySet:
        return self.filter(shipment__in=Shipment.objects.visible_to(actor))


class DeliverySlip(TenantModel):
    """A picture or PDF of the slip that was signed for a shipment, uploaded by the seller. Append-only.

    The buyer confirms the receipt; a shipment with a slip that the buyer leaves unanswered is received by
    time-out (ordering.operations.timed_out_receipts).
    """

    class MediaType(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"
        WEBP = "image/webp", "WebP"
        PDF = "application/pdf", "PDF"

    shipment = TenantForeignKey(Shipment, related_name="slips", verbose_name=_("shipment"))
    file_name = models.CharField(_("file name"), max_length=100)
    media_type = models.CharField(_("type"), max_length=20, choices=MediaType.choices)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.CharField(_("uploaded by"), max_length=150)

    objects: ClassVar[Any] = TenantManager.from_queryset(DeliverySlipQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("delivery slip")
        verbose_name_plural = _("delivery slips")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "shipment", "sha256"], name="delivery_slip_once")
        ]

    def __str__(self) -> str:
        return self.file_name
