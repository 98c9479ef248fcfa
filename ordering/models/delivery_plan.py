"""The delivery windows of a tenant, and how long a buyer has to answer a delivery slip."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel


class DeliveryPlan(TenantModel):
    """The tenant's delivery windows for pre-sale orders; without a row the standard plan applies.

    `hours` is a sorted list of ["06:00", "10:00"]; `weekdays` holds 1 (Monday) to 7. A shipment counts as
    received `receipt_hours` after its signed slip was uploaded, unless the buyer answers. Each save raises
    `version`, so that a save of an older version is refused and the stored plan is displayed.
    """

    hours = models.JSONField(_("windows of a day"), default=list)
    weekdays = models.JSONField(_("delivery days"), default=list)
    cut_off = models.TimeField(_("cut-off"))
    days_before = models.PositiveSmallIntegerField(_("days before the delivery"))
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"))
    receipt_hours = models.PositiveSmallIntegerField(_("hours until received by time-out"), default=48)
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.CharField(_("saved by"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("delivery windows")
        verbose_name_plural = _("delivery windows")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="delivery_plan_once")]

    def __str__(self) -> str:
        return ", ".join(f"{start}-{end}" for start, end in self.hours)
