"""Models of a contract's life: messages sent once, and certified signatures on their way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from alliance.models.contract import Contract
from alliance.models.ending import NoticeKind
from alliance.models.guarantee import OfContractQuerySet
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class ContractNotice(TenantModel):
    """A message about a contract that was sent, so that it is sent once. Append-only."""

    contract = TenantForeignKey(Contract, related_name="notices", verbose_name=_("contract"))
    kind = models.CharField(_("message"), max_length=20, choices=NoticeKind.choices)
    at = models.DateTimeField(_("at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("notice of a contract")
        verbose_name_plural = _("notices of contracts")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "kind"], name="contract_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.get_kind_display()}"


class SigningRequest(TenantModel):
    """A signature that a party requested from a provider of certified signatures; `done_at` when it came."""

    contract = TenantForeignKey(Contract, related_name="signing_requests", verbose_name=_("contract"))
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    user = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        verbose_name=_("person"),
    )
    role = models.CharField(_("role"), max_length=40)
    digest = models.CharField(_("hash of the text"), max_length=64)
    provider = models.CharField(_("signed by way of"), max_length=40)
    reference = models.CharField(_("number at the provider"), max_length=120)
    ip_address = models.GenericIPAddressField(_("address"), null=True)
    agent = models.CharField(_("browser"), max_length=120, blank=True)
    at = models.DateTimeField(_("at"))
    done_at = models.DateTimeField(_("done at"), null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("requested signature")
        verbose_name_plural = _("requested signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "provider", "reference"], name="signing_request_reference"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.party}"
