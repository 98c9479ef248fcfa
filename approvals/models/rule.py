"""The tenant's rule for a kind of change."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from approvals.registry import kind_label
from tenancy.models import TenantManager, TenantModel, TenantQuerySet


class ApprovalRuleQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ApprovalRuleQuerySet:
        """Return the rules to the manufacturer's staff who see approvals."""
        may_see = actor.party_kind == MANUFACTURER and actor.may("approval.view")
        return self.all() if may_see else self.none()


class ApprovalRule(TenantModel):
    """Whether a kind needs a second person, and above which amount. Without a row it does, always or
    above the amount that its registration names.
    """

    kind = models.CharField(_("kind"), max_length=60)
    is_required = models.BooleanField(_("needs a second person"), default=True)
    above = models.DecimalField(
        _("only above this amount"), max_digits=16, decimal_places=2, null=True, blank=True
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(ApprovalRuleQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("rule of approvals")
        verbose_name_plural = _("rules of approvals")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind"], name="approval_rule_once"),
            models.CheckConstraint(
                condition=Q(above__isnull=True) | Q(above__gte=0), name="approval_rule_above"
            ),
        ]

    def __str__(self) -> str:
        return kind_label(self.kind)
