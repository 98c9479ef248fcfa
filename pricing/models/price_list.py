"""Models of price lists and their entries."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from catalogue.models import Product
from dealers.models import Party
from pricing.models.audience import AudienceKind, TermsQuerySet, TermsState
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class PriceList(TenantModel):
    """Prices of one seller's own sales for an audience; in force only while published.

    A trigger refuses changes to the entries of a list that was published. A new version of the same
    code replaces it; of the published versions only one is in force on a day. `ended_on` is the day from
    which buyers no longer got its prices, because it was replaced or withdrawn: the prices of a past day
    are those in force then, whatever was published since.
    """

    State = TermsState

    seller = TenantForeignKey(Party, related_name="price_lists", verbose_name=_("seller"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100, blank=True)
    audience_kind = models.CharField(_("audience"), max_length=10, choices=AudienceKind.choices)
    audience_value = models.CharField(_("audience's code"), max_length=60, blank=True)
    priority = models.IntegerField(_("priority"), default=0, validators=[MinValueValidator(0)])
    starts_on = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("valid through"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    tax_included = models.BooleanField(_("prices include tax"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(TermsQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = [
            models.CheckConstraint(condition=models.Q(priority__gte=0), name="price_list_priority"),
            models.UniqueConstraint(fields=["tenant", "seller", "code", "version"], name="price_list_code"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("starts_on")),
                name="price_list_period",
            ),
            ExclusionConstraint(
                name="price_list_one_version",
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("seller", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "until", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="published"),
            ),
            models.CheckConstraint(
                condition=Q(audience_kind="everyone", audience_value="")
                | (~Q(audience_kind="everyone") & ~Q(audience_value="")),
                name="price_list_audience",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "seller", "audience_kind", "audience_value"], name="price_list_audience_ix"
            )
        ]

    def __str__(self) -> str:
        return self.code


class PriceEntryQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> PriceEntryQuerySet:
        return self.filter(price_list__in=PriceList.objects.visible_to(actor))


class PriceEntry(TenantModel):
    """A price for `per` base units from `min_qty` on; `advised_resale` is for the same `per`."""

    price_list = TenantForeignKey(
        PriceList, models.CASCADE, related_name="entries", verbose_name=_("price list")
    )
    product = TenantForeignKey(Product, verbose_name=_("product"))
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=4)
    per = models.PositiveIntegerField(_("per base units"), default=1)
    min_qty = models.PositiveIntegerField(_("from quantity"), default=0)
    advised_resale = models.DecimalField(
        _("advised resale price"), max_digits=14, decimal_places=4, null=True, blank=True
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(PriceEntryQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "price_list", "product", "min_qty"], name="price_entry_once"
            ),
            models.CheckConstraint(condition=Q(price__gte=0, per__gte=1), name="price_entry_sane"),
            models.CheckConstraint(
                condition=Q(advised_resale__isnull=True) | Q(advised_resale__gte=0),
                name="price_entry_advised_resale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.price}"
