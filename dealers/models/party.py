"""Models of parties, their channels and tags."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER, MANUFACTURER, MEMBER, OUTLET, Actor
from dealers.models.region import Region
from dealers.models.territory import TERRITORY_ROLES as TERRITORY_ROLES  # noqa: PLC0414 - rooms import it from here
from dealers.models.territory import regions_of
from dealers.models.tier import Tier
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from ui.models import BilingualName


class Channel(BilingualName, TenantModel):
    """A sales channel of the tenant's own list: 餐饮, 商超, 零售, 批发, 工程 …"""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)

    class Meta(TenantModel.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="channel_code")]


class PartyQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> PartyQuerySet:
        """Return the parties that the actor may see; screens, exports and the API share it."""
        if actor.party_kind == MANUFACTURER:
            if actor.role in TERRITORY_ROLES:
                inside = Q(region__in=regions_of(actor.user_id))
                return self.filter(inside | Q(id=actor.party_id))
            return self.all() if actor.role else self.none()
        if actor.party_id is None or not actor.role:
            return self.none()
        return self.filter(id__in=_around(actor))


def _around(actor: Actor) -> models.QuerySet[Party, Any]:
    """Return the ids of the parties that a partner may see.

    They are the partner itself, its customers, for a dealer their customers too, its supplier and the
    manufacturer. A union uses one index for each part; a condition with OR would not.
    """
    us = Party.objects.filter(id=actor.party_id)
    parts = [
        Party.objects.filter(parent_id=actor.party_id).values_list("id"),
        us.filter(parent_id__isnull=False).values_list("parent_id"),
        Party.objects.filter(kind=MANUFACTURER).values_list("id"),
    ]
    if actor.party_kind == DEALER:
        parts.append(Party.objects.filter(parent__parent_id=actor.party_id).values_list("id"))
    return us.values_list("id").union(*parts)


class Party(TenantModel):
    """A company or shop that trades in the tenant, the manufacturer included."""

    class Kind(models.TextChoices):
        MANUFACTURER = MANUFACTURER, _("manufacturer")
        DEALER = DEALER, _("dealer")
        MEMBER = MEMBER, _("alliance member")
        OUTLET = OUTLET, _("outlet")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    search = models.CharField(max_length=900, blank=True, editable=False)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    region = models.ForeignKey(
        Region,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        verbose_name=_("region"),
    )
    channel = TenantForeignKey(Channel, null=True, blank=True, verbose_name=_("channel"))
    tier = TenantForeignKey(Tier, null=True, blank=True, verbose_name=_("tier"))
    months_below = models.PositiveSmallIntegerField(_("months below its bar"), default=0)
    parent = TenantForeignKey(
        "self", null=True, blank=True, related_name="children", verbose_name=_("supplied by")
    )
    tracks_stock = models.BooleanField(_("tracks stock here"), default=False)
    confirms_itself = models.BooleanField(_("orders to it are confirmed at once"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(PartyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="party_code"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(kind=MANUFACTURER), name="party_one_manufacturer"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "kind", "code"], name="party_by_kind"),
            models.Index(fields=["tenant", "parent"], name="party_by_parent"),
            models.Index(
                fields=["tenant", "region", "kind"], include=["id", "is_active"], name="party_of_region"
            ),
            models.Index(fields=["tenant", "kind"], condition=Q(is_active=True), name="party_active"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(BilingualName, TenantModel):
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)

    class Meta(TenantModel.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="tag_code")]


class PartyTag(TenantModel):
    party = TenantForeignKey(Party, models.CASCADE, related_name="tags", verbose_name=_("party"))
    tag = TenantForeignKey(Tag, models.CASCADE, related_name="parties", verbose_name=_("tag"))

    class Meta(TenantModel.Meta):
        verbose_name = _("tag of a party")
        verbose_name_plural = _("tags of parties")
        constraints = [models.UniqueConstraint(fields=["tenant", "party", "tag"], name="party_tag_once")]

    def __str__(self) -> str:
        return str(self.tag)
