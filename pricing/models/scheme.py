"""The model of promotion schemes."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from dealers.models import Party
from pricing.models.audience import AudienceKind, TermsQuerySet, TermsState
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


def _limit(label: Any) -> Any:
    return models.PositiveIntegerField(label, null=True, blank=True, validators=[MinValueValidator(1)])


def _money(label: Any) -> Any:
    return models.DecimalField(label, max_digits=16, decimal_places=2, null=True, blank=True)


class Scheme(TenantModel):
    """A promotion on one seller's own sales. `terms` has the shape of rules.md for its kind.

    special_price {skus, price}; bundle {items[{sku, qty}], price}; step and order_amount {skus?, measure?,
    steps}; free_goods {skus, buy, free, mode, cap?, gift_sku?}. `skus` may be joined by `categories`, codes
    whose products are covered too, as they are when an order is priced. The domain's reader checks the terms
    when they are saved.

    The budgets hold for all buyers together, the limits of a buyer for each: money is what buyers save,
    units what pricing.domain.schemes.Allowance says. A new version of the same code replaces a published
    one; of the published versions only one is in force on a day.
    """

    class Kind(models.TextChoices):
        SPECIAL_PRICE = "special_price", _("special price")
        BUNDLE = "bundle", _("bundle")
        STEP = "step", _("step tiers")
        ORDER_AMOUNT = "order_amount", _("reduction on the order")
        FREE_GOODS = "free_goods", _("free goods")

    State = TermsState

    seller = TenantForeignKey(Party, related_name="schemes", verbose_name=_("seller"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    audience_kind = models.CharField(
        _("audience"), max_length=10, choices=AudienceKind.choices, default=AudienceKind.EVERYONE
    )
    audience_value = models.CharField(_("audience's code"), max_length=60, blank=True)
    priority = models.IntegerField(_("priority"), default=0, validators=[MinValueValidator(0)])
    exclusive_group = models.CharField(_("exclusive group"), max_length=40, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("valid through"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True, editable=False)
    terms = models.JSONField(_("terms"), default=dict)
    budget_money = _money(_("budget in money"))
    budget_units = _limit(_("budget in units"))
    buyer_money = _money(_("limit of a buyer in money"))
    buyer_units = _limit(_("limit of a buyer in units"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(TermsQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        constraints = [
            models.CheckConstraint(condition=models.Q(priority__gte=0), name="scheme_priority"),
            models.UniqueConstraint(fields=["tenant", "seller", "code", "version"], name="scheme_version"),
            ExclusionConstraint(
                name="scheme_one_version",
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
                condition=Q(starts_on__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("starts_on")),
                name="scheme_period",
            ),
            models.CheckConstraint(
                condition=Q(audience_kind="everyone", audience_value="")
                | (~Q(audience_kind="everyone") & ~Q(audience_value="")),
                name="scheme_audience",
            ),
            models.CheckConstraint(
                condition=(Q(budget_money__isnull=True) | Q(budget_money__gt=0))
                & (Q(budget_units__isnull=True) | Q(budget_units__gt=0))
                & (Q(buyer_money__isnull=True) | Q(buyer_money__gt=0))
                & (Q(buyer_units__isnull=True) | Q(buyer_units__gt=0)),
                name="scheme_budgets",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def has_budget(self) -> bool:
        return self.budget_money is not None or self.budget_units is not None
