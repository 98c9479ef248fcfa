from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from dealers.models import Party
from pricing.models import AudienceKind
from tenancy.models import TenantForeignKey, TenantModel


class Program(TenantModel):
    """A volume rebate: what a buyer earns on delivered, paid goods. `tiers` as in rules.md."""

    class Method(models.TextChoices):
        RETROACTIVE = "retroactive", _("retroactive")
        INCREMENTAL = "incremental", _("incremental")

    class Measure(models.TextChoices):
        AMOUNT = "amount", _("amount")
        QUANTITY = "quantity", _("quantity")

    class Every(models.IntegerChoices):
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
    tiers = models.JSONField(_("tiers"))
    cap = models.DecimalField(_("cap"), max_digits=16, decimal_places=2, null=True, blank=True)
    audience_kind = models.CharField(
        _("audience"), max_length=10, choices=AudienceKind.choices, default=AudienceKind.EVERYONE
    )
    audience_value = models.CharField(_("audience's code"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("until (exclusive)"))
    settled_every = models.PositiveSmallIntegerField(
        _("settled every (months)"), choices=Every.choices, default=Every.QUARTER
    )
    starts_anew = models.BooleanField(
        _("each settlement starts anew"), default=False,
        help_text=_("Off: interim settlements over one cumulative base, trued up. On: each for itself."),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)

    class Meta(TenantModel.Meta):
        verbose_name = _("rebate program")
        verbose_name_plural = _("rebate programs")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "seller", "code"], name="program_code"),
            models.CheckConstraint(condition=Q(until__gt=models.F("starts_on")), name="program_term"),
        ]

    def __str__(self) -> str:
        return self.code


class ProgramProduct(TenantModel):
    """The products that count; a program without any counts all."""

    program = TenantForeignKey(Program, models.CASCADE, related_name="products", verbose_name=_("program"))
    product = TenantForeignKey(Product, verbose_name=_("product"))

    class Meta(TenantModel.Meta):
        verbose_name = _("product of a program")
        verbose_name_plural = _("products of programs")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "program", "product"], name="program_product_once")
        ]

    def __str__(self) -> str:
        return str(self.product_id)
