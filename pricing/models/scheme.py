"""The model of promotion schemes."""

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealers.models import Party
from pricing.models.audience import AudienceKind, TermsQuerySet
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class Scheme(TenantModel):
    """A promotion on one seller's own sales. `terms` has the shape of rules.md for its kind.

    special_price {skus, price}; step and order_amount {skus?, measure?, steps}; free_goods
    {skus, buy, free, mode, cap?, gift_sku?}. The domain's reader checks it when it is saved.
    """

    class Kind(models.TextChoices):
        SPECIAL_PRICE = "special_price", _("special price")
        STEP = "step", _("step tiers")
        ORDER_AMOUNT = "order_amount", _("reduction on the order")
        FREE_GOODS = "free_goods", _("free goods")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

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
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)

    objects: ClassVar[Any] = TenantManager.from_queryset(TermsQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        constraints = [
            models.CheckConstraint(condition=models.Q(priority__gte=0), name="scheme_priority"),
            models.UniqueConstraint(fields=["tenant", "seller", "code"], name="scheme_code"),
            models.CheckConstraint(
                condition=Q(audience_kind="everyone", audience_value="")
                | (~Q(audience_kind="everyone") & ~Q(audience_value="")),
                name="scheme_audience",
            ),
        ]

    def __str__(self) -> str:
        return self.code
