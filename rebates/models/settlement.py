from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from ledger.models import Journal
from rebates.models.program import Program
from tenancy.models import Job, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class SettlementQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> SettlementQuerySet:
        return self.filter(program__in=Program.objects.visible_to(actor))


class Settlement(TenantModel):
    """One period of one program, settled once: the row is the claim of the job that settles it.

    `terms` keeps the rule as it was read then: {method, tiers, cap, measure, audience_kind,
    audience_value}, so that a statement can be computed again after the program was changed.
    """

    program = TenantForeignKey(Program, related_name="settlements", verbose_name=_("program"))
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("until (exclusive)"))
    job = TenantForeignKey(Job, null=True, related_name="+", verbose_name=_("job"))
    settled_at = models.DateTimeField(_("settled at"), null=True)
    parties = models.PositiveIntegerField(_("parties"), default=0)
    due = models.DecimalField(_("due"), max_digits=18, decimal_places=2, default=0)
    terms = models.JSONField(_("terms"), default=dict)

    objects: ClassVar[Any] = TenantManager.from_queryset(SettlementQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "program", "starts_on"], name="settlement_once")
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.starts_on}"


class StatementQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> StatementQuerySet:
        if not actor.may("rebate.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            return self.filter(party__in=Party.objects.visible_to(actor))
        return self.filter(party_id=actor.party_id)


class Statement(TenantModel):
    """What one party earned in one settlement: base, cumulative base, earned so far, due now.

    Append-only. `why` holds the tier reached and the arithmetic; the deliveries beneath it are
    the facts of the party and period (rebates.queries.beneath).
    """

    settlement = TenantForeignKey(Settlement, related_name="statements", verbose_name=_("settlement"))
    party = TenantForeignKey(Party, related_name="statements", verbose_name=_("party"))
    base = models.DecimalField(_("base"), max_digits=18, decimal_places=2)
    cumulative = models.DecimalField(_("cumulative"), max_digits=18, decimal_places=2)
    earned = models.DecimalField(_("earned so far"), max_digits=18, decimal_places=2)
    due = models.DecimalField(_("due"), max_digits=18, decimal_places=2)
    why = models.JSONField(_("reasons"), default=dict)
    journal = TenantForeignKey(Journal, null=True, related_name="+", verbose_name=_("posting"))

    objects: ClassVar[Any] = TenantManager.from_queryset(StatementQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "settlement", "party"], name="statement_once")
        ]
        indexes = [models.Index(fields=["tenant", "party"], name="statement_by_party")]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.party_id}"


class Tally(TenantModel):
    """What counts for one party in a job's settlements, in their order; null: not its program.

    Grouped from the facts in the job's first step, so that they are read once however many
    programs and steps there are; gone when the job is done.
    """

    job = TenantForeignKey(Job, models.CASCADE, related_name="+", verbose_name=_("job"))
    party_id = models.UUIDField(_("party"))
    bases = ArrayField(
        models.DecimalField(max_digits=18, decimal_places=2, null=True), verbose_name=_("bases")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [models.UniqueConstraint(fields=["tenant", "job", "party_id"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.party_id}"
