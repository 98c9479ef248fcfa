"""Models of the duties that fall due of a contract's responsibilities, their evidence, and monthly KPIs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import MANUFACTURER, ROLE_NAMES, Actor
from alliance.domain import duties
from alliance.models.contract import Contract
from alliance.models.terms import Kpi, ProofKind, Responsibility
from dealers.models import Party
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

KNOWN_ROLES = tuple(ROLE_NAMES)
LEADERS = ("director", "owner")


class DutyState(models.TextChoices):
    OVERDUE = duties.OVERDUE, _("overdue")
    NO_EVIDENCE = duties.NO_EVIDENCE, _("no evidence")
    DUE = duties.DUE, pgettext_lazy("duty", "due")
    FULFILLED = duties.FULFILLED, _("fulfilled")


class DutyQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> DutyQuerySet:
        """Return the duties that the actor may see.

        The manufacturer's staff see those of the contracts that they see; a partner sees its own side's,
        and who may not see contracts only those of the own role.
        """
        if not actor.may("duty.view"):
            return self.none()
        own = self.filter(party_id=actor.party_id)
        if not actor.may("contract.view"):
            return own.filter(responsibility__owner_role=actor.role)
        if actor.party_kind == MANUFACTURER:
            return self.filter(contract__in=Contract.objects.visible_to(actor))
        return own

    def of_person(self, actor: Actor) -> DutyQuerySet:
        """Return the visible duties that the actor is to fulfil: of its party and role."""
        mine = Q(responsibility__owner_role=actor.role)
        if actor.role in LEADERS:
            mine |= ~Q(responsibility__owner_role__in=KNOWN_ROLES)
        return self.visible_to(actor).filter(mine, party_id=actor.party_id)

    def in_state(self, state: str, today: date) -> DutyQuerySet:
        return self.filter(in_state(state, today))

    def with_state(self, today: date) -> DutyQuerySet:
        """Annotate `state` and `urgency`, which puts what is overdue first."""
        whens = [When(in_state(state, today), then=Value(state)) for state in duties.STATES]
        order = [When(in_state(state, today), then=Value(at)) for at, state in enumerate(duties.STATES)]
        return self.annotate(
            state=Case(*whens, default=Value(""), output_field=CharField()),
            urgency=Case(*order, default=Value(9), output_field=models.IntegerField()),
        )


def in_state(state: str, today: date) -> Q:
    """Return the filter for duties in a state on a day, by the rule of `duties.duty_state`."""
    open_ones = Q(fulfilled_at__isnull=True)
    last = today - timedelta(days=duties.GRACE_DAYS)
    return {
        duties.FULFILLED: Q(fulfilled_at__isnull=False),
        duties.DUE: open_ones & Q(due_on__gte=today),
        duties.OVERDUE: open_ones & Q(due_on__lt=today, due_on__gte=last),
        duties.NO_EVIDENCE: open_ones & Q(due_on__lt=last),
    }[state]


class Duty(TenantModel):
    """One due occurrence of a responsibility: what a side has to have done by the last day of a period.

    `party` is the party of the responsibility's side. Its state follows from the day and `fulfilled_at`, the
    moment of the first evidence.
    """

    contract = TenantForeignKey(Contract, related_name="duties", verbose_name=_("contract"))
    responsibility = TenantForeignKey(Responsibility, related_name="duties", verbose_name=_("responsibility"))
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("due on"))
    fulfilled_at = models.DateTimeField(_("fulfilled at"), null=True, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(DutyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "responsibility", "due_on"], name="duty_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("starts_on")), name="duty_period"),
        ]
        indexes = [
            models.Index(fields=["tenant", "contract", "due_on"], name="duty_of_contract"),
            models.Index(
                fields=["tenant", "party", "due_on"],
                condition=Q(fulfilled_at__isnull=True),
                name="duty_open_of_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.responsibility} {self.due_on}"

    def state_on(self, today: date) -> DutyState:
        """Return the state on a day."""
        state = duties.duty_state(due_on=self.due_on, is_fulfilled=self.fulfilled_at is not None, today=today)
        return DutyState(state)


class OfDutyQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfDutyQuerySet:
        return self.filter(duty__in=Duty.objects.visible_to(actor))


class DutyEvidence(TenantModel):
    """What shows that a duty was fulfilled: a document of a room above, or the owner's own report.

    Append-only. `source` is unique for a duty: a fact that is reported twice is recorded once.
    """

    duty = TenantForeignKey(Duty, related_name="evidence", verbose_name=_("duty"))
    kind = models.CharField(_("kind"), max_length=10, choices=ProofKind.choices)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    user = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        verbose_name=_("person"),
    )
    reported_by = models.CharField(_("reported by"), max_length=100, blank=True)
    at = models.DateTimeField(_("at"))
    source = models.CharField(_("source"), max_length=120)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfDutyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("evidence of a duty")
        verbose_name_plural = _("evidence of duties")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "duty", "source"], name="duty_evidence_source_once")
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.get_kind_display()} {self.reference}"


class OfKpiQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfKpiQuerySet:
        if not actor.may("contract.view"):
            return self.none()
        return self.filter(kpi__contract__in=Contract.objects.visible_to(actor))


class KpiMonth(TenantModel):
    """The result of a KPI in a month; `actual` is empty while it is neither measured nor entered.

    `target` and `weight` repeat the contract's, so that a month keeps those it was measured by.
    """

    kpi = TenantForeignKey(Kpi, related_name="months", verbose_name=_("KPI"))
    month = models.DateField(_("month"))
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=4)
    actual = models.DecimalField(_("result"), max_digits=16, decimal_places=2, null=True, blank=True)
    is_entered = models.BooleanField(_("entered by hand"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfKpiQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("KPI of a month")
        verbose_name_plural = _("KPIs of months")
        constraints = [models.UniqueConstraint(fields=["tenant", "kpi", "month"], name="kpi_month_once")]
        indexes = [models.Index(fields=["tenant", "month"], name="kpi_month_by_month")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.month:%Y-%m}"
