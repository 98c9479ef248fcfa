"""Models of price-drop compensation: a seller's policy, drops, the claims of buyers down to receipts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import MANUFACTURER, Actor
from catalogue.models import Product
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from ledger.models import Journal
from ordering.models import Shipment
from pricing.models import PriceList
from rebates.domain.price_drop import ProtectionTerms
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

MAX_DAYS = 3650


def _amount(label: Any, **values: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=16, decimal_places=2, **values)


def _price(label: Any, **values: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=14, decimal_places=4, **values)


class PolicyQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> PolicyQuerySet:
        """Return the policy of the actor's own sales."""
        return self.filter(seller_id=actor.party_id) if actor.may("price_drop.policy") else self.none()


class PriceProtectionPolicy(TenantModel):
    """What a seller compensates when its published prices fall; without one it compensates nothing.

    `share` of the difference is paid for units received in the `lookback_days` before, at most `cap` for a
    product of a buyer, and nothing where a claim is less than `min_amount`. A buyer replies within
    `reply_days`; silence accepts the claim as computed.
    """

    seller = TenantForeignKey(Party, related_name="+", verbose_name=_("seller"))
    is_active = models.BooleanField(_("compensates price drops"), default=True)
    lookback_days = models.PositiveSmallIntegerField(
        _("days looked back"), default=60, validators=[MaxValueValidator(MAX_DAYS)]
    )
    share = models.DecimalField(
        _("share compensated"),
        max_digits=5,
        decimal_places=4,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    cap = _amount(_("at most for one product"), null=True, blank=True)
    in_transit_included = models.BooleanField(_("goods in transit included"), default=True)
    reply_days = models.PositiveSmallIntegerField(
        _("days to reply"), default=7, validators=[MaxValueValidator(90)]
    )
    min_amount = _amount(_("least amount of a claim"), default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(PolicyQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("policy of price-drop compensation")
        verbose_name_plural = _("policies of price-drop compensation")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "seller"], name="price_protection_policy_once"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1, min_amount__gte=0)
                & (Q(cap__isnull=True) | Q(cap__gte=0)),
                name="price_protection_policy_sane",
            ),
        ]

    def __str__(self) -> str:
        return str(self.seller)

    def terms(self) -> dict[str, Any]:
        """Return the terms as they are stored with a drop."""
        return {
            "lookback_days": self.lookback_days,
            "share": str(self.share),
            "cap": None if self.cap is None else str(self.cap),
            "in_transit_included": self.in_transit_included,
            "reply_days": self.reply_days,
            "min_amount": str(self.min_amount),
        }


class OfSellerQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfSellerQuerySet:
        return self.filter(seller_id=actor.party_id) if actor.may("price_drop.decide") else self.none()


class PriceDrop(TenantModel):
    """A published price list of a seller with a policy; its claims are computed on its first day.

    Stock counts as of `at`: the publication, or the start of the first day. `terms` are the policy's when
    the list was published. `computed_at` is empty until all buyers are computed.
    """

    price_list = TenantForeignKey(PriceList, related_name="+", verbose_name=_("price list"))
    seller = TenantForeignKey(Party, related_name="+", verbose_name=_("seller"))
    effective = models.DateField(_("price falls on"))
    at = models.DateTimeField(_("stock counted at"))
    terms = models.JSONField(_("terms"), default=dict)
    computed_at = models.DateTimeField(_("computed at"), null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfSellerQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("price drop")
        verbose_name_plural = _("price drops")
        constraints = [models.UniqueConstraint(fields=["tenant", "price_list"], name="price_drop_once")]
        indexes = [
            models.Index(
                fields=["tenant", "effective"], condition=Q(computed_at__isnull=True), name="price_drop_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.price_list} {self.effective}"

    def protection(self) -> ProtectionTerms:
        cap = self.terms["cap"]
        return ProtectionTerms(
            lookback_days=self.terms["lookback_days"],
            share=Decimal(self.terms["share"]),
            cap=None if cap is None else Decimal(cap),
            in_transit_included=self.terms["in_transit_included"],
        )


class ClaimQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ClaimQuerySet:
        """Return the claims on the actor's party and its own; the manufacturer's by territory.

        What a dealer compensates to its members is nobody else's business.
        """
        if not actor.may("price_drop.view"):
            return self.none()
        if actor.is_platform:
            return self.all()
        if actor.party_kind == MANUFACTURER:
            mine = self.filter(drop__seller_id=actor.party_id)
            if actor.role in TERRITORY_ROLES:
                return mine.filter(party__in=Party.objects.visible_to(actor))
            return mine
        return self.filter(Q(party_id=actor.party_id) | Q(drop__seller_id=actor.party_id))


class PriceDropClaim(TenantModel):
    """What a price drop owes one buyer for its stock, from the computation to the posting.

    The buyer accepts it, states other stock with a reason and a document, or disputes it by `reply_by`.
    `unmatched` units are a question that the seller answers; they are never money.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for the partner")
        REPLIED = "replied", pgettext_lazy("price-drop claim", "to decide")
        POSTED = "posted", pgettext_lazy("price-drop claim", "posted")
        REFUSED = "refused", pgettext_lazy("price-drop claim", "refused")
        NOTHING = "nothing", _("nothing due")

    class Reply(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("price-drop claim", "accepted")
        CORRECTED = "corrected", _("other stock stated")
        DISPUTED = "disputed", pgettext_lazy("price-drop claim", "disputed")
        SILENT = "silent", _("no reply: accepted as computed")

    drop = TenantForeignKey(PriceDrop, related_name="claims", verbose_name=_("price drop"))
    party = TenantForeignKey(Party, related_name="+", verbose_name=_("partner"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    amount = _amount(_("amount"), default=0)
    unmatched = models.PositiveBigIntegerField(_("units without a receipt"), default=0)
    unknown = models.PositiveIntegerField(_("products without stock figures"), default=0)
    sent_at = models.DateTimeField(_("sent at"))
    reply_by = models.DateField(_("reply by"))
    reply = models.CharField(_("reply"), max_length=10, choices=Reply.choices, blank=True)
    reply_reason = models.CharField(_("reason of the partner"), max_length=1000, blank=True)
    replied_at = models.DateTimeField(_("replied at"), null=True)
    replied_by = models.CharField(_("replied by"), max_length=150, blank=True)
    answer = models.CharField(_("units without a receipt explained"), max_length=500, blank=True)
    answered_at = models.DateTimeField(_("explained at"), null=True)
    answered_by = models.CharField(_("explained by"), max_length=150, blank=True)
    reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    journal = TenantForeignKey(Journal, null=True, related_name="+", verbose_name=_("posting"))

    objects: ClassVar[Any] = TenantManager.from_queryset(ClaimQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("price-drop claim")
        verbose_name_plural = _("price-drop claims")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "drop", "party"], name="price_drop_claim_once"),
            models.CheckConstraint(
                condition=~Q(state="posted") | Q(journal__isnull=False, amount__gt=0),
                name="price_drop_claim_posted",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "party", "state"], name="price_drop_claim_of_party"),
            models.Index(fields=["tenant", "state", "reply_by"], name="price_drop_claim_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.drop} {self.party}"

    @property
    def has_open_question(self) -> bool:
        return bool(self.unmatched) and not self.answer


class OfClaimQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfClaimQuerySet:
        return self.filter(claim__in=PriceDropClaim.objects.visible_to(actor))


class PriceDropLine(TenantModel):
    """One product of a claim: its price before and after, the stock that counts, and what is due.

    `on_hand` is what the figures say, None without figures; `stated` is what the buyer says.
    """

    claim = TenantForeignKey(
        PriceDropClaim, models.CASCADE, related_name="lines", verbose_name=_("price-drop claim")
    )
    product = TenantForeignKey(Product, related_name="+", verbose_name=_("product"))
    price_before = _price(_("price before"))
    price_after = _price(_("price after"))
    on_hand = models.PositiveBigIntegerField(_("on hand"), null=True)
    stated = models.PositiveBigIntegerField(_("stock stated by the partner"), null=True)
    unmatched = models.PositiveBigIntegerField(_("units without a receipt"), default=0)
    amount = _amount(_("amount"), default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfClaimQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("line of a price-drop claim")
        verbose_name_plural = _("lines of price-drop claims")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "claim", "product"], name="price_drop_line_once"),
            models.CheckConstraint(
                condition=Q(price_after__lt=models.F("price_before")), name="price_drop_line_falls"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "product"], name="price_drop_line_of_product")]

    def __str__(self) -> str:
        return str(self.product)

    @property
    def counted(self) -> int | None:
        """Return the stock that counts; None if nobody has said it."""
        return self.on_hand if self.stated is None else self.stated


class PriceDropLayer(TenantModel):
    """Units of one receipt that a line counts, with the price from which the drop starts.

    `paid` is what was paid for a unit, `price` the lower one of it and the new prices of earlier drops.
    `day` is empty in transit.
    """

    class Reason(models.TextChoices):
        ELIGIBLE = "eligible", _("eligible")
        OUTSIDE_LOOKBACK = "outside_lookback", _("received too long ago")
        NO_DROP = "no_drop", _("not dearer than the new price")
        IN_TRANSIT = "in_transit", _("in transit")

    line = TenantForeignKey(PriceDropLine, models.CASCADE, related_name="layers", verbose_name=_("line"))
    position = models.PositiveIntegerField(_("position"))
    shipment = TenantForeignKey(Shipment, related_name="+", verbose_name=_("shipment"))
    day = models.DateField(_("day"), null=True)
    qty = models.PositiveBigIntegerField(_("quantity"))
    paid = _price(_("price paid"))
    price = _price(_("price before the drop"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    credit = _amount(_("credit"))

    class Meta(TenantModel.Meta):
        verbose_name = _("layer of a price-drop claim")
        verbose_name_plural = _("layers of price-drop claims")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "line", "position"], name="price_drop_layer_once")
        ]

    def __str__(self) -> str:
        return f"{self.shipment} × {self.qty}"


class PriceDropDocument(TenantModel):
    """A picture or PDF with which a buyer supports the stock that it states. Append-only."""

    class MediaType(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"
        PDF = "application/pdf", "PDF"

    claim = TenantForeignKey(PriceDropClaim, related_name="documents", verbose_name=_("price-drop claim"))
    file_name = models.CharField(_("file name"), max_length=100)
    media_type = models.CharField(_("type"), max_length=20, choices=MediaType.choices)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(OfClaimQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("document of a price-drop claim")
        verbose_name_plural = _("documents of price-drop claims")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "claim", "sha256"], name="price_drop_document_once")
        ]

    def __str__(self) -> str:
        return self.file_name
