"""The model of authorisations (授权书): what a party may sell, where and how long."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class AuthorisationQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> AuthorisationQuerySet:
        """Return the authorisations of the parties that staff look after; a partner sees its own."""
        if not actor.may("authorisation.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            if actor.role not in TERRITORY_ROLES:
                return self.all()
            return self.filter(party__in=Party.objects.visible_to(actor))
        return self.filter(party_id=actor.party_id)


class Authorisation(TenantModel):
    """A certificate of authorisation. Nothing in it changes after its issue, but it can be revoked once.

    `regions` and `categories` are lists of {"code", "name"}, as they were at the issue. `code` is in the
    link and the QR code for verification; row security lets whoever knows it (`app.authorisation`) read
    the row before a tenant is active. `until` is exclusive.
    """

    number = models.CharField(_("number"), max_length=20)
    code = models.CharField(_("verification code"), max_length=32, editable=False)
    party = TenantForeignKey(Party, related_name="authorisations", verbose_name=_("party"))
    party_name = models.CharField(_("name of the party"), max_length=200, editable=False)
    party_uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True, editable=False)
    regions = models.JSONField(_("regions"))
    categories = models.JSONField(_("categories"))
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("valid through"))
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.CharField(_("issued by"), max_length=150)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    revoked_by = models.CharField(_("revoked by"), max_length=150, blank=True, editable=False)
    revoke_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(AuthorisationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="authorisation_number"),
            models.UniqueConstraint(fields=["tenant", "code"], name="authorisation_code"),
            models.CheckConstraint(condition=Q(until__gt=F("starts_on")), name="authorisation_term"),
        ]
        indexes = [
            models.Index(fields=["code"], name="authorisation_by_code"),
            models.Index(fields=["tenant", "party", "until"], name="authorisation_by_party"),
        ]

    def __str__(self) -> str:
        return self.number


class OfAuthorisationQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfAuthorisationQuerySet:
        return self.filter(authorisation__in=Authorisation.objects.visible_to(actor))


class AuthorisationNotice(TenantModel):
    """A reminder that an authorisation ends in so many days, so that it is sent once. Append-only."""

    authorisation = TenantForeignKey(Authorisation, related_name="notices", verbose_name=_("authorisation"))
    days = models.PositiveSmallIntegerField(_("days before"))
    at = models.DateTimeField(_("at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(OfAuthorisationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("reminder of an authorisation")
        verbose_name_plural = _("reminders of authorisations")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "authorisation", "days"], name="authorisation_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.authorisation} {self.days}"
