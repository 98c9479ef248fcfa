"""Models of guarantees: spread terms, evidence, and results by month."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from alliance.models.contract import Contract
from catalogue.models import Product
from dealers.models.party import TERRITORY_ROLES
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class SpreadTerm(TenantModel):
    """The spread that a contract guarantees a member on one product, per base unit.

    `advised_resale` is the manufacturer's advice when the contract was made. With `percent`, which is of
    that advice, `guaranteed` was computed from it. The price that the member
    charges is never read.
    """

    contract = TenantForeignKey(Contract, models.CASCADE, related_name="spreads", verbose_name=_("contract"))
    product = TenantForeignKey(Product, verbose_name=_("product"))
    clause = models.CharField(_("clause"), max_length=20)
    guaranteed = models.DecimalField(_("guaranteed spread"), max_digits=14, decimal_places=4)
    advised_resale = models.DecimalField(_("advised resale price"), max_digits=14, decimal_places=4)
    percent = models.DecimalField(
        _("per cent of the advised resale price"), max_digits=7, decimal_places=4, null=True, blank=True
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("spread term")
        verbose_name_plural = _("spread terms")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "product"], name="spread_term_once"),
            models.CheckConstraint(condition=models.Q(guaranteed__gte=0), name="spread_term_guaranteed"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.guaranteed}"


class GuaranteeKind(models.TextChoices):
    REGION = "region", _("region")
    TERM = "term", _("term")
    SPREAD = "spread", _("price spread")
    SERVICE = "service", _("service")


class OfContractQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfContractQuerySet:
        """Return the rows of the contracts that the actor may see."""
        if actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES:
            return self.all() if actor.may("contract.view") else self.none()
        return self.filter(contract__in=Contract.objects.visible_to(actor))


class Evidence(TenantModel):
    """A fact that shows whether a guarantee was fulfilled, recorded by a room above. Append-only.

    `facts` has the input and the result of the rule: for a spread purchase_price, advised_resale, qty,
    spread and shortfall; for a delivery the promised and the actual hours.
    """

    contract = TenantForeignKey(Contract, related_name="evidence", verbose_name=_("contract"))
    kind = models.CharField(_("guarantee"), max_length=10, choices=GuaranteeKind.choices)
    source = models.CharField(_("source"), max_length=120)
    on = models.DateField(_("on"))
    fulfilled = models.BooleanField(_("met"))
    owed = models.DecimalField(_("owed"), max_digits=14, decimal_places=2, default=0)
    facts = models.JSONField(_("facts"), default=dict)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [models.UniqueConstraint(fields=["tenant", "source"], name="evidence_source_once")]
        indexes = [models.Index(fields=["tenant", "contract", "kind", "on"], name="evidence_of_month")]

    def __str__(self) -> str:
        return f"{self.contract} {self.on} {self.get_kind_display()}"


class GuaranteeMonth(TenantModel):
    """The result of one guarantee of one contract in one month, and the amount booked of what is owed.

    `measured` and `broken` count measurements. The guarantee is broken if one measurement missed it.
    """

    contract = TenantForeignKey(Contract, related_name="months", verbose_name=_("contract"))
    month = models.DateField(_("month"))
    kind = models.CharField(_("guarantee"), max_length=10, choices=GuaranteeKind.choices)
    measured = models.PositiveIntegerField(_("measured"), default=0)
    broken = models.PositiveIntegerField(_("not met"), default=0)
    owed = models.DecimalField(_("owed"), max_digits=14, decimal_places=2, default=0)
    booked = models.DecimalField(_("booked"), max_digits=14, decimal_places=2, default=0)
    bookings = models.PositiveSmallIntegerField(_("bookings"), default=0, db_default=0, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("guarantee of a month")
        verbose_name_plural = _("guarantees of months")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month", "contract", "kind"], name="guarantee_month")
        ]
        indexes = [models.Index(fields=["tenant", "contract", "month"], name="guarantee_of_contract")]

    def __str__(self) -> str:
        return f"{self.contract} {self.month:%Y-%m} {self.get_kind_display()}"


class GuaranteeTotal(TenantModel):
    """The result of one guarantee over all contracts in one month: the sum of the GuaranteeMonths.

    `measured` and `broken` count measurements, `contracts` and `contracts_broken` measured contracts.
    `measure_month` updates it in its own transaction, so that the dashboard of a user who may see every
    contract reads four rows a month.
    """

    month = models.DateField(_("month"))
    kind = models.CharField(_("guarantee"), max_length=10, choices=GuaranteeKind.choices)
    measured = models.PositiveBigIntegerField(_("measured"), default=0)
    broken = models.PositiveBigIntegerField(_("not met"), default=0)
    contracts = models.PositiveBigIntegerField(_("contracts measured"), default=0)
    contracts_broken = models.PositiveBigIntegerField(_("contracts broken"), default=0)
    owed = models.DecimalField(_("owed"), max_digits=18, decimal_places=2, default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("guarantee of all contracts")
        verbose_name_plural = _("guarantees of all contracts")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month", "kind"], name="guarantee_total_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_kind_display()}"
