"""Rebate programs and the products that they count."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from catalogue.models import Product
from dealers.models import Party
from kernel.cases import InvalidCase
from kernel.periods import Period, months_after
from pricing.models import AudienceKind
from rebates.domain.tiers import Program as Rule
from rebates.domain.tiers_case import read_program
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ProgramQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ProgramQuerySet:
        """Return all programs for the manufacturer; for a partner its own and those that paid it."""
        if not actor.may("rebate.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            return self.all()
        paid = self.filter(settlements__statements__party_id=actor.party_id).values("id")
        return self.filter(Q(seller_id=actor.party_id) | Q(id__in=paid))


class Program(TenantModel):
    """A volume rebate on delivered, paid goods. `tiers` as in rules.md, rebate."""

    class Method(models.TextChoices):
        RETROACTIVE = "retroactive", _("retroactive")
        INCREMENTAL = "incremental", _("incremental")

    class Measure(models.TextChoices):
        AMOUNT = "amount", _("amount")
        QUANTITY = "quantity", _("quantity")

    class Interval(models.IntegerChoices):
        MONTH = 1, _("month")
        QUARTER = 3, _("quarter")
        YEAR = 12, _("year")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    seller = TenantForeignKey(Party, related_name="programs", verbose_name=_("seller"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    method = models.CharField(_("method"), max_length=12, choices=Method.choices)
    measure = models.CharField(_("measure"), max_length=8, choices=Measure.choices)
    tiers = models.JSONField(_("rebate tiers"))
    cap = models.DecimalField(_("cap"), max_digits=16, decimal_places=2, null=True, blank=True)
    audience_kind = models.CharField(
        _("audience"), max_length=10, choices=AudienceKind.choices, default=AudienceKind.EVERYONE
    )
    audience_value = models.CharField(_("audience's code"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("valid through"))
    settled_every = models.PositiveSmallIntegerField(
        _("settled every (months)"), choices=Interval.choices, default=Interval.QUARTER
    )
    starts_anew = models.BooleanField(
        _("each settlement starts anew"),
        default=False,
        help_text=_("Off: interim settlements over one cumulative base, trued up. On: each for itself."),
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)

    objects: ClassVar[Any] = TenantManager.from_queryset(ProgramQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("rebate program")
        verbose_name_plural = _("rebate programs")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "seller", "code"], name="program_code"),
            models.CheckConstraint(condition=Q(until__gt=models.F("starts_on")), name="program_term"),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Raise ValidationError for tiers that the rule cannot read and for an audience without its code."""
        try:
            self.rule()
        except InvalidCase as error:
            field = "cap" if error.field.startswith("cap") else "tiers"
            raise ValidationError({field: f"{error.field}: {error.message}"}) from error
        if (self.audience_kind == AudienceKind.EVERYONE) != (not self.audience_value):
            message = _("Everyone has no code; any other audience has one.")
            raise ValidationError({"audience_value": message})

    def terms(self) -> dict[str, Any]:
        """Return the program as in a rebate case of rules.md: method, tiers and cap."""
        cap = None if self.cap is None else str(self.cap)
        return {"method": self.method, "tiers": self.tiers, "cap": cap}

    def rule(self) -> Rule:
        """Return the rule that settlements and simulations share. Raises InvalidCase."""
        return read_program(self.terms(), "")

    def periods(self) -> Iterator[Period]:
        """Yield months, quarters or years from the program's first day; the last ends with the program."""
        for number in count():
            start = months_after(self.starts_on, number * self.settled_every)
            if start >= self.until:
                return
            following = months_after(self.starts_on, (number + 1) * self.settled_every)
            yield Period(start, min(following, self.until))

    def closing(self) -> Period:
        """Return the period after the term, in which late deliveries of the last periods are settled.

        It counts no days of its own.
        """
        return Period(self.until, months_after(self.until, self.settled_every))


class ProgramProduct(TenantModel):
    """A product that a program counts; a program without any counts all products."""

    program = TenantForeignKey(Program, models.CASCADE, related_name="products", verbose_name=_("program"))
    product = TenantForeignKey(Product, verbose_name=_("product"))

    class Meta(TenantModel.Meta):
        verbose_name = _("product of a program")
        verbose_name_plural = _("products of programs")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "program", "product"], name="program_product_once")
        ]

    def __str__(self) -> str:
        return str(self.product)
