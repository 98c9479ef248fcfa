"""The model of a change that needs the approval of a second person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rights import MANUFACTURER, Actor
from approvals.registry import kind_label
from audit.registry import target_label
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from tenancy.rooms import approval_kinds


class ApprovalQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ApprovalQuerySet:
        """Return the changes of the actor's party that it may approve or has requested itself.

        Roles with territories see those about partners in their territories.
        """
        if actor.party_kind != MANUFACTURER or not actor.may("approval.view"):
            return self.none()
        rows = self.filter(party_id=actor.party_id)
        mine = Q(requested_by=actor.person_id)
        theirs = Q(kind__in=[kind.code for kind in approval_kinds().values() if actor.may(kind.right)])
        if actor.role in TERRITORY_ROLES:
            theirs &= Q(about__in=Party.objects.visible_to(actor))
        return rows.filter(mine | theirs)


class Approval(TenantModel):
    """A change that waits for a second person, or the decision on it.

    `values` are the arguments of the kind's operation, `fingerprint` is of these values and of what they
    are based on. `changes` is a list of {label, old, new} for the approver. `key` identifies the change:
    one request of a key waits at a time. `party` decides, `about` is the partner concerned.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for approval")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=160)
    target = models.CharField(_("target"), max_length=60)
    target_id = models.CharField(_("target's id"), max_length=60)
    title = models.CharField(_("what it is about"), max_length=200)
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("decided by the party"))
    about = TenantForeignKey(Party, null=True, related_name="+", verbose_name=_("partner concerned"))
    values = models.JSONField(_("values"))
    changes = models.JSONField(_("changes"), default=list)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PENDING)
    requested_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested at"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(ApprovalQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "rejected"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("requested_by"))),
                name="approval_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="approval_decided_at",
            ),
            models.UniqueConstraint(
                fields=["tenant", "kind", "key"], condition=Q(state="pending"), name="approval_pending_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "requested_at"], name="approval_by_state")]

    def __str__(self) -> str:
        return f"{self.kind_label} · {self.title}"

    @property
    def kind_label(self) -> str:
        return kind_label(self.kind)

    @property
    def target_label(self) -> str:
        return target_label(self.target)
