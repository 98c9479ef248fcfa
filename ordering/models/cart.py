"""Drafts of orders."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class CartQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> CartQuerySet:
        """Return the drafts of the actor's own party; for staff, those of the parties they see."""
        if not actor.may("order.place"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            return self.filter(buyer__in=Party.objects.visible_to(actor))
        return self.filter(buyer_id=actor.party_id)


class Cart(TenantModel):
    """A draft of an order: products and quantities, priced anew whenever it is read.

    `lines` is a list of {"sku", "qty", "unit"} with each SKU once; `qty` is in `unit`, "" for the base
    unit; a line whose price the seller set has it as "manual". `filled` has the list prices and schemes of
    the days on which the lines were added, to say what changed since. Each save raises `version`, so that a
    save of an older version is refused and both sides are displayed.
    """

    seller = TenantForeignKey(Party, related_name="+", verbose_name=_("seller"))
    buyer = TenantForeignKey(Party, related_name="carts", verbose_name=_("buyer"))
    name = models.CharField(_("name"), max_length=60, blank=True)
    lines = models.JSONField(_("lines"), default=list)
    filled = models.JSONField(_("prices when filled"), default=dict, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved at"))
    saved_by = models.CharField(_("saved by"), max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(CartQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("draft order")
        verbose_name_plural = _("draft orders")
        indexes = [models.Index(fields=["tenant", "buyer", "seller"], name="cart_by_buyer")]

    def __str__(self) -> str:
        return self.name or str(self.pk)
