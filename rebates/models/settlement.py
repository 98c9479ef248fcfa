from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from jobs.models import Job
from ledger.models import Journal
from rebates.models.program import Program
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class SettlementQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> SettlementQuerySet:
        """Of the programs that are; a closing one only where something came late."""
        shown = self.exclude(starts_on__gte=models.F("program__until"), parties=0)
        return shown.filter(program__in=Program.objects.visible_to(actor))


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

    @property
    def is_closing(self) -> bool:
        """Whether it follows the program's term: no day of its own counts, only what came late."""
        return self.starts_on >= self.program.until


class Audience(TenantModel):
    """Who was in a settlement's audience when it was counted; a program for everyone has none.

    What comes late for the period is held against this, so that who joined an audience since is
    not paid for the time before, and who left it still is.
    """

    settlement = TenantForeignKey(Settlement, models.CASCADE, related_name="+", verbose_name=_("settlement"))
    party_ids = ArrayField(models.UUIDField(), verbose_name=_("parties"))

    class Meta(TenantModel.Meta):
        verbose_name = _("audience of a settlement")
        verbose_name_plural = _("audiences of settlements")
        constraints = [models.UniqueConstraint(fields=["tenant", "settlement"], name="audience_once")]

    def __str__(self) -> str:
        return str(self.settlement)


class StatementQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> StatementQuerySet:
        if not actor.may("rebate.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            if actor.role not in TERRITORY_ROLES:
                return self.all()
            return self.filter(party__in=Party.objects.visible_to(actor))
        return self.filter(party_id=actor.party_id)


class Statement(TenantModel):
    """What one party earned in one settlement: base, cumulative base, earned so far, due now.

    Append-only. `base` is what the period's own days count; what came late for earlier periods is
    in `carried`, and in `cumulative` (or, where each settlement starts anew, in `due`). `why` holds
    the tier reached and the arithmetic; the deliveries beneath it are the facts of the party and
    period (rebates.queries.statement_lines).
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
        return f"{self.settlement} · {self.party}"


class Carried(TenantModel):
    """What a statement says of an earlier period: deliveries and returns dated in it that were
    recorded after it was settled.

    `base` is what the earlier period's days count now less what was stated for them so far; `due`
    what that changes where each settlement starts anew, else 0: there the cumulative base tells.
    """

    statement = TenantForeignKey(Statement, related_name="carried", verbose_name=_("statement"))
    settlement = TenantForeignKey(Settlement, related_name="+", verbose_name=_("of the settlement"))
    base = models.DecimalField(_("base"), max_digits=18, decimal_places=2)
    due = models.DecimalField(_("due"), max_digits=18, decimal_places=2)

    class Meta(TenantModel.Meta):
        verbose_name = _("carried line")
        verbose_name_plural = _("carried lines")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "statement", "settlement"], name="carried_once")
        ]
        indexes = [models.Index(fields=["tenant", "settlement"], name="carried_of_settlement")]

    def __str__(self) -> str:
        return f"{self.statement} ← {self.settlement}"


class Tally(TenantModel):
    """What counts for one party in a job's settlements, in the order of
    rebates.operations.tally.columns_of; null: it was not in the audience.

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
