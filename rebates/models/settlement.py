"""Settlements, their statements and late adjustments, and the tally of a settlement job."""

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
        """Return the settlements of visible programs; a closing one only if it has statements."""
        displayed = self.exclude(starts_on__gte=models.F("program__until"), parties=0)
        return displayed.filter(program__in=Program.objects.visible_to(actor))


class Settlement(TenantModel):
    """One period of a program. The row is the claim of the one job that settles it.

    `terms` stores the program's rule when the settlement was requested: {method, tiers, cap, measure,
    starts_anew, audience_kind, audience_value}. A statement can be computed again after the program
    has changed.
    """

    program = TenantForeignKey(Program, related_name="settlements", verbose_name=_("program"))
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("valid through"))
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
        """Return whether it follows the program's term: it counts only what was recorded late."""
        return self.starts_on >= self.program.until


class Audience(TenantModel):
    """The parties in a settlement's audience when it was counted; a program for everyone has no row.

    Late deliveries of the period are counted for these parties: a party that joined later is not paid
    for the time before, and a party that has left still is.
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

    Append-only. `base` counts the days of the period itself. Late adjustments for earlier periods are
    in `carried`, and in `cumulative` (in `due` if each settlement starts anew). `why` holds the tier
    reached and the calculation. rebates.queries.statement_lines returns the deliveries it counts.
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
    """A late adjustment: deliveries and returns dated in a settled period but recorded after it.

    `base` is the base of the earlier period now, less the base stated for it before. `due` is the change
    of the amount due if each settlement starts anew; otherwise 0, because the cumulative base includes it.
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
    """The bases of one party in a job's settlements, in the order of rebates.operations.tally.columns_of.

    A base is null if the party was not in the audience. The job's first step groups the facts, so that
    they are read once for all programs and steps; the last step deletes the rows.
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
