"""Requests of buyers to return goods."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from ordering.models.order import Order
from ordering.models.returns import Return
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ReturnRequestQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ReturnRequestQuerySet:
        return self.filter(order__in=Order.objects.visible_to(actor))


class ReturnRequest(TenantModel):
    """A buyer's request to return goods; the seller accepts it or declines it with a reason.

    `lines` is [{"position": 3, "qty": 3, "free": 0}, …] of the order, in base units.
    """

    class State(models.TextChoices):
        REQUESTED = "asked", _("requested")
        ACCEPTED = "accepted", _("return accepted")
        DECLINED = "declined", _("declined")

    order = TenantForeignKey(Order, related_name="return_requests", verbose_name=_("order"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    lines = models.JSONField(_("lines"))
    reason = models.CharField(_("reason"), max_length=300)
    requested_by = models.CharField(_("requested by"), max_length=150)
    requested_at = models.DateTimeField(_("requested at"))
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    made = TenantForeignKey(Return, null=True, related_name="+", verbose_name=_("return"))

    objects: ClassVar[Any] = TenantManager.from_queryset(ReturnRequestQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("return request")
        verbose_name_plural = _("return requests")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "order"], condition=Q(state="asked"), name="return_request_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(made__isnull=False), name="return_request_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_state_display()}"
