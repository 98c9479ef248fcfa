"""Models of contracts, their regions and signatures."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, Actor
from alliance.models.ending import EndedBy, EndReason
from catalogue.models import Category
from dealers.models import Channel, Party, Region
from dealers.models.party import TERRITORY_ROLES
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ContractQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ContractQuerySet:
        if not actor.may("contract.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER:
            if actor.role not in TERRITORY_ROLES:
                return self.all()
            return self.filter(member__in=Party.objects.visible_to(actor))
        return self.filter(Q(dealer_id=actor.party_id) | Q(member_id=actor.party_id))

    def proposed(self) -> ContractQuerySet:
        """Return the drafts that a dealer proposed and nobody of the manufacturer has taken over yet."""
        return self.filter(state=Contract.State.DRAFT, proposed_by__isnull=False, taken_over_at__isnull=True)

    def unreplaced(self) -> ContractQuerySet:
        """Exclude the contracts that a later active version replaces: they end as planned."""
        return self.filter(~Exists(later_in_force()))


def later_in_force() -> models.QuerySet[Contract, Any]:
    """Return the active later versions of the outer query's contract."""
    return Contract.objects.filter(
        code=OuterRef("code"), version__gt=OuterRef("version"), state=Contract.State.ACTIVE
    )


class Contract(TenantModel):
    """The three-party contract: the region, term, price spread and service guaranteed to one member.

    It is ACTIVE from the third signature, in force from `starts_on` (then `activated_at` is set) to the day
    before `until`. `ended_on` is the first day without it; an early end shortens `until` to that day, and
    the text keeps the term that was agreed.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("to be signed")
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    code = models.CharField(_("code"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    manufacturer = TenantForeignKey(Party, related_name="+", verbose_name=_("manufacturer"))
    dealer = TenantForeignKey(Party, related_name="contracts_as_dealer", verbose_name=_("dealer"))
    member = TenantForeignKey(Party, related_name="contracts_as_member", verbose_name=_("member"))
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("valid through"))
    delivery_hours = models.PositiveIntegerField(_("delivered within hours"), null=True, blank=True)
    late_fee = models.DecimalField(_("owed for a late delivery"), max_digits=12, decimal_places=2, default=0)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=30)
    reply_days = models.PositiveSmallIntegerField(_("days to reply to a breach"), default=7)
    book_up_to = models.DecimalField(
        _("booked without a decision up to"), max_digits=12, decimal_places=2, default=0
    )
    security_deposit = models.DecimalField(_("security deposit"), max_digits=14, decimal_places=2, default=0)
    proposed_by = TenantForeignKey(
        Party, null=True, blank=True, related_name="+", verbose_name=_("proposed by"), editable=False
    )
    taken_over_at = models.DateTimeField(_("proposal taken over at"), null=True, editable=False)
    digest = models.CharField(_("hash of the text"), max_length=64, blank=True, editable=False)
    text = models.JSONField(_("text"), default=dict, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    activated_at = models.DateTimeField(_("in force since"), null=True, editable=False)
    proposed_text = models.JSONField(_("text as first proposed"), default=dict, editable=False)
    ended_on = models.DateField(_("first day without the contract"), null=True, editable=False)
    end_reason = models.CharField(
        _("reason of the end"), max_length=12, choices=EndReason.choices, blank=True, editable=False
    )
    end_note = models.CharField(_("explanation of the end"), max_length=300, blank=True, editable=False)
    ended_by_role = models.CharField(
        _("ended by"), max_length=12, choices=EndedBy.choices, blank=True, editable=False
    )
    end_notice_on = models.DateField(_("end announced on"), null=True, editable=False)

    objects: ClassVar[Any] = TenantManager.from_queryset(ContractQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code", "version"], name="contract_code"),
            models.CheckConstraint(condition=Q(until__gt=models.F("starts_on")), name="contract_term"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="")
                | Q(ended_on__isnull=False) & ~Q(end_reason=""),
                name="contract_end_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "member", "state"], name="contract_by_member"),
            models.Index(fields=["tenant", "dealer", "state"], name="contract_by_dealer"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


CHANNEL_BITS = 62


def all_channels() -> NumericRange:
    return NumericRange(None, None)


def channel_range(channel_id: UUID | None) -> NumericRange:
    """Return the range that stands for a channel in the exclusion constraint; without a channel, all.

    The last 62 bits of the id are random, so two channels of a tenant have two ranges.
    """
    if channel_id is None:
        return all_channels()
    number = channel_id.int & ((1 << CHANNEL_BITS) - 1)
    return NumericRange(number, number + 1)


class ContractArea(TenantModel):
    """A region that is exclusive to the member for a category; an exclusion constraint holds it.

    Without a channel it is exclusive in every channel. `area`, `channels` and `term` repeat the region's
    range, the channel and the contract's term, and `holds` says whether the contract is active, because an
    exclusion constraint reads one table only and knows no tree.
    """

    contract = TenantForeignKey(Contract, models.CASCADE, related_name="areas", verbose_name=_("contract"))
    category = TenantForeignKey(Category, verbose_name=_("category"))
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_index=False, verbose_name=_("region"))
    channel = TenantForeignKey(Channel, null=True, blank=True, verbose_name=_("channel"))
    area = BigIntegerRangeField(_("range of region codes"), editable=False)
    channels = BigIntegerRangeField(_("range of channels"), editable=False)
    term = DateRangeField(_("term"), editable=False)
    holds = models.BooleanField(_("exclusive now"), default=False, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("guaranteed region")
        verbose_name_plural = _("guaranteed regions")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "category", "region", "channel"],
                name="contract_area_once",
                nulls_distinct=False,
            ),
            ExclusionConstraint(
                name="contract_area_exclusive",
                expressions=[
                    ("tenant", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("area", RangeOperators.OVERLAPS),
                    ("channels", RangeOperators.OVERLAPS),
                    ("term", RangeOperators.OVERLAPS),
                    ("contract", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(holds=True),
            ),
        ]
        indexes = [GistIndex(fields=["tenant", "category", "area"], name="contract_area_place")]

    def __str__(self) -> str:
        return f"{self.region} {self.category}"


class Signature(TenantModel):
    """The signature of one party over the text with this hash; all three sign the same. Append-only."""

    contract = TenantForeignKey(Contract, related_name="signatures", verbose_name=_("contract"))
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("party"))
    user = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.DO_NOTHING,
        db_index=False,
        related_name="+",
        verbose_name=_("person"),
    )
    digest = models.CharField(_("hash of the text"), max_length=64)
    at = models.DateTimeField(_("at"))
    method = models.CharField(_("signed by way of"), max_length=40, default="click")
    certificate = models.CharField(_("certificate"), max_length=120, blank=True)
    ip_address = models.GenericIPAddressField(_("address"), null=True)
    agent = models.CharField(_("browser"), max_length=120, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "party", "digest"], name="signature_once")
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.party}"
