"""Models of breaches: what was not met, what its sides answered, and what was decided and booked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.models.contract import Contract
from alliance.models.guarantee import GuaranteeKind, OfContractQuerySet
from alliance.models.terms import ContractRole, Metric
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class Breach(TenantModel):
    """A guarantee that a month broke and for which money is owed; one for a contract, month and kind.

    `amount` is what the last measurement owes. A breach is open until every side at fault has answered, or
    its day has passed; a person decides it, and then, or without a decision if the contract allows it, it
    is booked. `booked` is what the ledger has of it: a later measurement posts the difference.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for replies")
        REPLIED = "replied", _("to decide")
        DECIDED = "decided", _("decided")
        BOOKED = "booked", _("booked")

    class Decision(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        PARTLY = "partly", _("partly upheld")
        DISMISSED = "dismissed", _("dismissed")

    contract = TenantForeignKey(Contract, related_name="breaches", verbose_name=_("contract"))
    month = models.DateField(_("month"))
    kind = models.CharField(_("guarantee"), max_length=10, choices=GuaranteeKind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    amount = models.DecimalField(_("owed"), max_digits=14, decimal_places=2)
    opened_at = models.DateTimeField(_("opened at"))
    reply_by = models.DateField(_("reply by"))
    reminded_on = models.DateField(_("reminded on"), null=True, editable=False)
    is_contested = models.BooleanField(_("contested"), default=False)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    decided_amount = models.DecimalField(
        _("amount decided"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    booked = models.DecimalField(_("booked"), max_digits=14, decimal_places=2, default=0)
    bookings = models.PositiveSmallIntegerField(_("bookings"), default=0, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "month", "kind"], name="breach_once"),
            models.CheckConstraint(
                condition=Q(decision="") | Q(state__in=("decided", "booked")), name="breach_decision"
            ),
            models.CheckConstraint(
                condition=~Q(decision="partly") | Q(decided_amount__isnull=False), name="breach_part"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "reply_by"], name="breach_by_state"),
            models.Index(fields=["tenant", "month"], name="breach_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.month:%Y-%m} {self.get_kind_display()}"


class BreachShare(TenantModel):
    """The part of a breach that one side of the contract owes, and what is booked of it."""

    breach = TenantForeignKey(Breach, models.CASCADE, related_name="shares", verbose_name=_("breach"))
    role = models.CharField(_("owed by"), max_length=12, choices=ContractRole.choices)
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=4)
    amount = models.DecimalField(_("owed"), max_digits=14, decimal_places=2)
    booked = models.DecimalField(_("booked"), max_digits=14, decimal_places=2, default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("share of a breach")
        verbose_name_plural = _("shares of breaches")
        constraints = [models.UniqueConstraint(fields=["tenant", "breach", "role"], name="breach_share_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.amount}"


class BreachReply(TenantModel):
    """What a side at fault answers: it accepts, or contests with a reason. Append-only."""

    breach = TenantForeignKey(Breach, related_name="replies", verbose_name=_("breach"))
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    accepts = models.BooleanField(_("accepts"))
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    user = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        verbose_name=_("person"),
    )
    at = models.DateTimeField(_("at"))

    class Meta(TenantModel.Meta):
        verbose_name = _("reply to a breach")
        verbose_name_plural = _("replies to breaches")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "breach", "party"], name="breach_reply_once")
        ]

    def __str__(self) -> str:
        return f"{self.breach} {self.party}"


class ServiceFact(TenantModel):
    """What was done for a member: visits, answers, replacements, material, trainings. Append-only.

    `quantity` counts visits, supplies and trainings; `took` are the hours of an answer or the days of a
    replacement. A quantity of 0 says that nothing was done. `source` is unique: a fact is reported once.
    """

    contract = TenantForeignKey(Contract, related_name="service_facts", verbose_name=_("contract"))
    metric = models.CharField(_("measured by"), max_length=20, choices=Metric.choices)
    on = models.DateField(_("on"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    took = models.DecimalField(_("took"), max_digits=10, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=120)
    at = models.DateTimeField(_("reported at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("fact of service")
        verbose_name_plural = _("facts of service")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source"], name="service_fact_once"),
            models.CheckConstraint(condition=Q(took__isnull=True) | Q(took__gte=0), name="service_fact_took"),
        ]
        indexes = [models.Index(fields=["tenant", "contract", "metric", "on"], name="service_fact_of_month")]

    def __str__(self) -> str:
        return f"{self.contract} {self.on} {self.metric}"
