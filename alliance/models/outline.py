"""The model of the outlines of regions that a tenant uploads for its map."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from tenancy.models import TenantManager, TenantModel, TenantQuerySet


class RegionOutlineQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> RegionOutlineQuerySet:
        return self.all() if actor.may("contract.view") else self.none()


class RegionOutline(TenantModel):
    """A tenant's own GeoJSON of region outlines, with its source and its map approval number (审图号).

    The project ships no outlines; without one the map is drawn by tiles. A tenant has one at most.
    """

    source = models.CharField(_("source"), max_length=200)
    approval_number = models.CharField(_("map approval number"), max_length=40)
    geojson = models.JSONField(_("outlines"), editable=False)
    regions = models.PositiveIntegerField(_("regions"), editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    sha256 = models.CharField(_("hash of the file"), max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), editable=False)
    uploaded_by = models.CharField(_("uploaded by"), max_length=150, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(RegionOutlineQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("outlines of regions")
        verbose_name_plural = _("outlines of regions")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="region_outline_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.approval_number}"
