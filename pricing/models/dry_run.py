"""Models of the dry run of a price list and of what it found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from catalogue.models import Product
from dealers.models import Party
from pricing.models.price_list import PriceList
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class DryRunQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> DryRunQuerySet:
        """Return the dry runs of the actor's own lists.

        Nobody else sees what a seller tried, the manufacturer neither.
        """
        if not (actor.may("price.edit") or actor.may("price.approve")):
            return self.none()
        return self.filter(price_list__seller_id=actor.party_id)


class DryRun(TenantModel):
    """One trial of publishing a draft, made by a job and bound to the draft's content by `digest`.

    `on` is the day from which the draft would hold. `figures` are those of the checks, by check and name.
    `reason` and `published_by` are those of a publication in spite of `breaking` findings.
    """

    price_list = TenantForeignKey(
        PriceList, models.CASCADE, related_name="dry_runs", verbose_name=_("price list")
    )
    digest = models.CharField(_("digest"), max_length=64)
    on = models.DateField(_("day of the prices"))
    job_id = models.UUIDField(_("job"), null=True)
    requested_by = models.CharField(_("requested by"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    breaking = models.PositiveIntegerField(_("breaking findings"), default=0)
    owed = models.DecimalField(_("owed each month"), max_digits=16, decimal_places=2, default=0)
    figures = models.JSONField(_("figures"), default=dict)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    published_by = models.CharField(_("published by"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(DryRunQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("dry run")
        verbose_name_plural = _("dry runs")
        indexes = [models.Index(fields=["tenant", "price_list", "-id"], name="dry_run_of_list")]

    def __str__(self) -> str:
        return f"{self.price_list} {self.on}"


class DryRunFindingQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> DryRunFindingQuerySet:
        return self.filter(dry_run__in=DryRun.objects.visible_to(actor))


class DryRunFinding(TenantModel):
    """What a check found; `kind` is the code of the check, which makes a sentence of the `facts`."""

    dry_run = TenantForeignKey(DryRun, models.CASCADE, related_name="findings", verbose_name=_("dry run"))
    kind = models.CharField(_("kind"), max_length=40)
    position = models.PositiveIntegerField(_("position"))
    product = TenantForeignKey(Product, null=True, related_name="+", verbose_name=_("product"))
    party = TenantForeignKey(Party, null=True, related_name="+", verbose_name=_("party"))
    is_breaking = models.BooleanField(_("breaking"), default=False)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    facts = models.JSONField(_("facts"), default=dict)

    objects: ClassVar[Any] = TenantManager.from_queryset(DryRunFindingQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("finding of a dry run")
        verbose_name_plural = _("findings of dry runs")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "dry_run", "kind", "position"], name="dry_run_finding")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"
