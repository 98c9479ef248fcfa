"""Models of what helps to draft a contract: templates, and reviews of clauses about resale prices."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from alliance.models.contract import Contract
from alliance.models.guarantee import OfContractQuerySet
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class WordingReview(TenantModel):
    """A named person's reason why a flagged clause fixes no third party's resale price.

    It holds for the clause with this `digest` (of heading and text): after a rewording it counts no more.
    """

    contract = TenantForeignKey(Contract, models.CASCADE, related_name="reviews", verbose_name=_("contract"))
    number = models.CharField(_("clause"), max_length=20)
    digest = models.CharField(_("hash of the clause"), max_length=64)
    reason = models.CharField(_("reason"), max_length=500)
    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        verbose_name=_("person"),
    )
    person = models.CharField(_("name of the person"), max_length=150)
    at = models.DateTimeField(_("at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("review of a clause")
        verbose_name_plural = _("reviews of clauses")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "number", "digest"], name="wording_review_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.reason}"


class ContractTemplateQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ContractTemplateQuerySet:
        """Templates are the manufacturer's own."""
        if actor.party_kind == MANUFACTURER and actor.may("contract.view"):
            return self.all()
        return self.none()


class ContractTemplate(TenantModel):
    """Terms that the contracts of a kind of member begin with.

    `content` is in the shape of alliance.operations.terms_json: everything but parties, term and regions.
    """

    name = models.CharField(_("name"), max_length=100)
    member_kind = models.CharField(_("for members of the kind"), max_length=100, blank=True)
    content = models.JSONField(_("terms"), default=dict)
    changed_at = models.DateTimeField(_("changed at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(ContractTemplateQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("contract template")
        verbose_name_plural = _("contract templates")
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="contract_template_name")]

    def __str__(self) -> str:
        return self.name
