"""Models of what a contract promises beside regions and spreads, and of its responsibilities and KPIs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alliance.models.contract import Contract
from alliance.models.guarantee import GuaranteeKind, OfContractQuerySet
from catalogue.models import Category, Portfolio
from dealers.models import Channel
from tenancy.models import TenantForeignKey, TenantManager, TenantModel


class ContractRole(models.TextChoices):
    """The three sides of a contract."""

    MANUFACTURER = "manufacturer", _("manufacturer")
    DEALER = "dealer", _("dealer")
    MEMBER = "member", _("alliance member")


class Metric(models.TextChoices):
    """What a guarantee measures. Its kind is KIND_OF_METRIC; a spread per product is a SpreadTerm."""

    EXCLUSIVE = "exclusive", _("nobody else delivers into the region")
    EARLY_END = "early_end", _("not ended before its day")
    NOTICE = "notice", _("changes announced in time")
    RENEWAL = "renewal", _("renewal offered in time")
    MINIMUM_INCOME = "minimum_income", _("minimum income")
    VISITS = "visits", _("visits")
    ANSWER_HOURS = "answer_hours", _("requests answered in time")
    REPLACEMENT_DAYS = "replacement_days", _("damaged goods replaced in time")
    MATERIAL = "material", _("advertising material supplied")
    TRAINING = "training", _("trainings held")


KIND_OF_METRIC = {
    Metric.EXCLUSIVE: GuaranteeKind.REGION,
    Metric.EARLY_END: GuaranteeKind.TERM,
    Metric.NOTICE: GuaranteeKind.TERM,
    Metric.RENEWAL: GuaranteeKind.TERM,
    Metric.MINIMUM_INCOME: GuaranteeKind.SPREAD,
    Metric.VISITS: GuaranteeKind.SERVICE,
    Metric.ANSWER_HOURS: GuaranteeKind.SERVICE,
    Metric.REPLACEMENT_DAYS: GuaranteeKind.SERVICE,
    Metric.MATERIAL: GuaranteeKind.SERVICE,
    Metric.TRAINING: GuaranteeKind.SERVICE,
}


class Window(models.TextChoices):
    MONTH = "month", _("month")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")


class GuaranteeTerm(TenantModel):
    """A guarantee of a contract that is measured by `metric`, and what is owed when it is not met.

    `target` is in the unit of the metric: days of notice, days before the end for a renewal, money for a
    minimum income, a number of visits, trainings or supplies in a `window`, hours or days to answer or
    replace. `owed_per_event` is owed for each event or missing unit, `months_of_income` months of average
    income for an early end; both together at most `monthly_cap` a month.
    """

    contract = TenantForeignKey(Contract, models.CASCADE, related_name="terms", verbose_name=_("contract"))
    clause = models.CharField(_("clause"), max_length=20)
    metric = models.CharField(_("measured by"), max_length=20, choices=Metric.choices)
    category = TenantForeignKey(Category, null=True, blank=True, verbose_name=_("category"))
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=4, null=True, blank=True)
    window = models.CharField(_("in each"), max_length=10, choices=Window.choices, default=Window.MONTH)
    cumulative = models.BooleanField(_("a surplus counts in later periods"), default=False)
    owed_per_event = models.DecimalField(_("owed for each event"), max_digits=14, decimal_places=2, default=0)
    months_of_income = models.PositiveSmallIntegerField(_("months of average income owed"), default=0)
    monthly_cap = models.DecimalField(
        _("at most in a month"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("guarantee")
        verbose_name_plural = _("guarantees")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "metric", "category"],
                name="guarantee_term_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(owed_per_event__gte=0)
                & (Q(target__isnull=True) | Q(target__gte=0))
                & (Q(monthly_cap__isnull=True) | Q(monthly_cap__gte=0)),
                name="guarantee_term_amounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.get_metric_display()}"

    @property
    def kind(self) -> GuaranteeKind:
        return KIND_OF_METRIC[Metric(self.metric)]


class GuaranteeShare(TenantModel):
    """The part of what a broken guarantee of one kind owes that one side pays; the parts sum to one."""

    contract = TenantForeignKey(Contract, models.CASCADE, related_name="shares", verbose_name=_("contract"))
    kind = models.CharField(_("guarantee"), max_length=10, choices=GuaranteeKind.choices)
    role = models.CharField(_("owed by"), max_length=12, choices=ContractRole.choices)
    share = models.DecimalField(_("share"), max_digits=5, decimal_places=4)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("share of a guarantee")
        verbose_name_plural = _("shares of guarantees")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "kind", "role"], name="guarantee_share_once"
            ),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="guarantee_share_part"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_role_display()} {self.share}"


class Link(models.TextChoices):
    """The five links of the channel."""

    PLANNING = "planning", _("planning")
    COVERAGE = "coverage", _("coverage")
    PENETRATION = "penetration", _("penetration")
    PROMOTION = "promotion", _("promotion")
    MAINTENANCE = "maintenance", _("maintenance")


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")
    QUARTERLY = "quarterly", _("quarterly")
    YEARLY = "yearly", _("yearly")


class ProofKind(models.TextChoices):
    """What fulfils a duty. Orders are read from trade; the others are reported until their rooms exist."""

    VISIT = "visit", _("visit")
    AUDIT = "audit", _("display audit")
    REQUEST = "request", _("answered request")
    POLICY = "policy", _("policy")
    ORDER = "order", _("order")
    DOCUMENT = "document", _("document")


class Responsibility(TenantModel):
    """A cell of the matrix of responsibilities: what one side does in one link. A link has one lead."""

    contract = TenantForeignKey(
        Contract, models.CASCADE, related_name="responsibilities", verbose_name=_("contract")
    )
    link = models.CharField(_("link"), max_length=12, choices=Link.choices)
    role = models.CharField(_("side"), max_length=12, choices=ContractRole.choices)
    is_lead = models.BooleanField(_("leads"), default=False)
    duty = models.CharField(_("duty"), max_length=200)
    owner_role = models.CharField(_("role of the person"), max_length=40)
    rhythm = models.CharField(_("how often"), max_length=10, choices=Rhythm.choices, default=Rhythm.MONTHLY)
    proof = models.CharField(
        _("fulfilled by"), max_length=10, choices=ProofKind.choices, default=ProofKind.DOCUMENT
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "link", "role"], name="responsibility_cell"
            ),
            models.UniqueConstraint(
                fields=["tenant", "contract", "link"],
                condition=Q(is_lead=True),
                name="responsibility_one_lead",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_link_display()} {self.get_role_display()}"


class KpiMetric(models.TextChoices):
    """What a KPI counts; cultivation and order in the market have their own, not the volume alone."""

    PURCHASES = "purchases", _("purchases")
    OUTLETS = "outlets", _("active outlets")
    VISITS = "visits", _("visits to outlets")
    DISPLAYS = "displays", _("displays that pass")
    ANSWERS = "answers", _("requests answered in time")
    TRAINING = "training", _("trainings attended")
    MARKET_ORDER = "market_order", _("market kept in order")


class Kpi(TenantModel):
    """A figure that the member is judged by each month, with its weight in the whole."""

    contract = TenantForeignKey(Contract, models.CASCADE, related_name="kpis", verbose_name=_("contract"))
    metric = models.CharField(_("measured by"), max_length=20, choices=KpiMetric.choices)
    target = models.DecimalField(_("target in a month"), max_digits=14, decimal_places=2)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=4)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("KPI")
        verbose_name_plural = _("KPIs")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "metric"], name="kpi_once"),
            models.CheckConstraint(
                condition=Q(target__gte=0, weight__gt=0, weight__lte=1), name="kpi_figures"
            ),
        ]

    def __str__(self) -> str:
        return self.get_metric_display()


class ContractPortfolio(TenantModel):
    """The products that a contract lets the member sell in one channel; without a channel, in all."""

    contract = TenantForeignKey(
        Contract, models.CASCADE, related_name="portfolios", verbose_name=_("contract")
    )
    channel = TenantForeignKey(Channel, null=True, blank=True, verbose_name=_("channel"))
    portfolio = TenantForeignKey(Portfolio, verbose_name=_("portfolio"))

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("portfolio of a contract")
        verbose_name_plural = _("portfolios of contracts")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "channel"],
                name="contract_portfolio_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return str(self.portfolio)


class Clause(TenantModel):
    """A clause in words, with the number that other rooms cite: “C-0007/9.1”."""

    contract = TenantForeignKey(Contract, models.CASCADE, related_name="clauses", verbose_name=_("contract"))
    number = models.CharField(_("number"), max_length=20)
    heading = models.CharField(_("heading"), max_length=100)
    body = models.TextField(_("text"), max_length=4000)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "number"], name="clause_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}"
