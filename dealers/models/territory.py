"""Models of territories and of the object permissions on them."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from dealers.models.region import Region
from tenancy.models import TenantForeignKey, TenantModel
from ui.models import BilingualName

MANAGE = "manage_territory"
TERRITORY_ROLES = {"region_manager", "sales_rep"}


class Territory(BilingualName, TenantModel):
    """A named set of regions in the charge of a region manager or a sales rep."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)

    class Meta(TenantModel.Meta):
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        permissions = [(MANAGE, "Can manage the parties of this territory")]
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="territory_code")]


class TerritoryArea(TenantModel):
    territory = TenantForeignKey(Territory, models.CASCADE, related_name="areas", verbose_name=_("territory"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_index=False, verbose_name=_("region"))

    class Meta(TenantModel.Meta):
        verbose_name = _("region of a territory")
        verbose_name_plural = _("regions of territories")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "territory", "region"], name="territory_area_once")
        ]

    def __str__(self) -> str:
        return str(self.region)


class TerritoryUserObjectPermission(TenantModel, UserObjectPermissionBase):  # type: ignore[misc]  # guardian is untyped
    content_object = TenantForeignKey(Territory, models.CASCADE)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "permission", "content_object"], name="territory_user_grant"
            )
        ]


class TerritoryGroupObjectPermission(TenantModel, GroupObjectPermissionBase):  # type: ignore[misc]  # guardian is untyped
    content_object = TenantForeignKey(Territory, models.CASCADE)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "group", "permission", "content_object"], name="territory_group_grant"
            )
        ]


def regions_of(user_id: UUID | None) -> models.QuerySet[Region]:
    """Return every region in the territories granted to a user or to a group of the user."""
    by_user = TerritoryUserObjectPermission.objects.filter(user_id=user_id, permission__codename=MANAGE)
    by_group = TerritoryGroupObjectPermission.objects.filter(group__user=user_id, permission__codename=MANAGE)
    areas = TerritoryArea.objects.filter(
        models.Q(territory__in=by_user.values("content_object"))
        | models.Q(territory__in=by_group.values("content_object")),
        region__start__lte=OuterRef("start"),
        region__end__gte=OuterRef("end"),
    )
    return Region.objects.filter(Exists(areas))
