"""Serializers of contracts, their terms, signatures and evidence."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rights import MANUFACTURER, actor_of
from alliance.api.draft_serializers import TermsSerializer
from alliance.domain.visible_facts import facts_for_partners
from alliance.models import (
    Breach,
    BreachReply,
    BreachShare,
    Contract,
    ContractArea,
    Evidence,
    GuaranteeMonth,
    ServiceFact,
    Signature,
    SpreadTerm,
)
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.draft_revision import version_of
from alliance.operations.service_facts import COUNTED, MAX_QUANTITY, MAX_TOOK, TIMED
from alliance.operations.terms_json import write_terms_json
from ui.web.typed_serializers import AmountField, CountField, DayField


class ContractSerializer(serializers.ModelSerializer):
    """A three-party contract. `until` is exclusive; `digest` is the hash of the text that the three sign."""

    manufacturer = serializers.UUIDField(source="manufacturer_id")
    dealer = serializers.UUIDField(source="dealer_id")
    member = serializers.UUIDField(source="member_id")
    proposed_by = serializers.UUIDField(source="proposed_by_id", allow_null=True)

    class Meta:
        model = Contract
        fields: tuple[str, ...] = (
            "id",
            "code",
            "version",
            "state",
            "manufacturer",
            "dealer",
            "member",
            "starts_on",
            "until",
            "delivery_hours",
            "late_fee",
            "notice_days",
            "reply_days",
            "book_up_to",
            "security_deposit",
            "proposed_by",
            "digest",
            "submitted_at",
            "activated_at",
        )


class ContractAreaSerializer(serializers.ModelSerializer):
    """A region that is exclusive to the member for a category while `holds` is true."""

    category = serializers.CharField(source="category.code")
    region = serializers.CharField(source="region_id")
    region_name = serializers.CharField(source="region.full_name")
    channel = serializers.CharField(source="channel.code", default="", help_text="Empty: every channel.")

    class Meta:
        model = ContractArea
        fields = ("category", "region", "region_name", "channel", "holds")


class SpreadTermSerializer(serializers.ModelSerializer):
    """A guaranteed price spread: advised resale price less the member's purchase price, per base unit."""

    sku = serializers.CharField(source="product.sku")

    class Meta:
        model = SpreadTerm
        fields = ("clause", "sku", "guaranteed", "percent", "advised_resale")


class ContractSignatureSerializer(serializers.ModelSerializer):
    """The signature of one party over the digest of the text."""

    party = serializers.UUIDField(source="party_id")

    class Meta:
        model = Signature
        fields = ("party", "digest", "at")


class GuaranteeMonthSerializer(serializers.ModelSerializer):
    """One guarantee in one month: how often it was measured and broken, and the amounts owed and booked."""

    class Meta:
        model = GuaranteeMonth
        fields: tuple[str, ...] = ("month", "kind", "measured", "broken", "owed", "booked")


class EvidenceSerializer(serializers.ModelSerializer):
    """One fact that shows whether a guarantee was fulfilled; `facts` has the input and result of the rule.

    Of deliveries of others into a region (kind `region`) a dealer and a member read the day, the products and
    the region only; the documents are for the manufacturer's staff.
    """

    facts = serializers.DictField()

    def to_representation(self, row: Any) -> dict[str, Any]:
        """Return the row without what the actor may not read."""
        found: dict[str, Any] = super().to_representation(row)
        if row.kind == GuaranteeKind.REGION and actor_of(self.context["request"]).party_kind != MANUFACTURER:
            found |= {"source": f"region:{row.id}", "facts": facts_for_partners(row.facts)}
        return found

    class Meta:
        model = Evidence
        fields = ("id", "kind", "source", "on", "fulfilled", "owed", "facts")


class ContractDetailSerializer(ContractSerializer):
    """A contract with its text, terms, signatures and the monthly results of its guarantees."""

    text = serializers.DictField(help_text="The frozen text of the digest; {} for a draft.")
    areas = ContractAreaSerializer(many=True)
    spreads = SpreadTermSerializer(many=True)
    signatures = ContractSignatureSerializer(many=True)
    months = GuaranteeMonthSerializer(many=True)
    terms = serializers.SerializerMethodField()
    draft_version = serializers.SerializerMethodField(
        help_text="Changes with every term of a draft; to be sent back with its replacement. Else empty."
    )

    @extend_schema_field(TermsSerializer)
    def get_terms(self, contract: Contract) -> dict[str, Any]:
        """Return all terms in the shape in which a draft is written."""
        return write_terms_json(contract)

    def get_draft_version(self, contract: Contract) -> str:
        """Return the hash of a draft's text."""
        return version_of(contract) if contract.state == Contract.State.DRAFT else ""

    class Meta(ContractSerializer.Meta):
        fields = (
            *ContractSerializer.Meta.fields,
            "text",
            "areas",
            "spreads",
            "signatures",
            "months",
            "terms",
            "draft_version",
        )


class ContractVersionCreateSerializer(serializers.Serializer):
    """The period of the next version of a contract."""

    starts_on = DayField(help_text="The active version ends the day before, once this one is signed.")
    until = DayField(required=False, help_text="Exclusive; by default as in the active version.")


class ContractSignatureCreateSerializer(serializers.Serializer):
    """A signature of the key's party."""

    digest = serializers.RegexField(r"^[0-9a-f]{64}\Z", help_text="The digest of the text to sign.")


class GuaranteeSerializer(GuaranteeMonthSerializer):
    """One guarantee of one contract in one month."""

    contract = serializers.UUIDField(source="contract_id")
    code = serializers.CharField(source="contract.code")

    class Meta(GuaranteeMonthSerializer.Meta):
        fields = ("contract", "code", *GuaranteeMonthSerializer.Meta.fields)


class BreachShareSerializer(serializers.ModelSerializer):
    """What one side of the contract owes of a breach; the member bears its own share itself."""

    party = serializers.UUIDField(source="party_id")

    class Meta:
        model = BreachShare
        fields = ("role", "party", "share", "amount", "booked")


class BreachReplySerializer(serializers.ModelSerializer):
    """What a side at fault answered."""

    party = serializers.UUIDField(source="party_id")

    class Meta:
        model = BreachReply
        fields = ("party", "accepts", "reason", "at")


class BreachSerializer(serializers.ModelSerializer):
    """A guarantee that a month broke: what is owed, the decision, and what is booked of it."""

    contract = serializers.UUIDField(source="contract_id")
    code = serializers.CharField(source="contract.code")

    class Meta:
        model = Breach
        fields: tuple[str, ...] = (
            "id",
            "contract",
            "code",
            "month",
            "kind",
            "state",
            "amount",
            "opened_at",
            "reply_by",
            "is_contested",
            "decision",
            "decided_amount",
            "reason",
            "decided_at",
            "booked",
        )


class BreachDetailSerializer(BreachSerializer):
    """A breach with the shares and the replies of its sides."""

    shares = BreachShareSerializer(many=True)
    replies = BreachReplySerializer(many=True)

    class Meta(BreachSerializer.Meta):
        fields = (*BreachSerializer.Meta.fields, "shares", "replies")


class BreachReplyCreateSerializer(serializers.Serializer):
    """The reply of the key's party."""

    accepts = serializers.BooleanField()
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=1000, help_text="Required to contest."
    )


class BreachDecisionCreateSerializer(serializers.Serializer):
    """A decision; `amount` is the part that is upheld."""

    decision = serializers.ChoiceField(choices=Breach.Decision.choices)
    amount = AmountField(max_digits=14, decimal_places=2, required=False, min_value=0)
    reason = serializers.CharField(max_length=500)


class ServiceFactSerializer(serializers.ModelSerializer):
    """A visit, an answer or other service that a guarantee is measured by."""

    class Meta:
        model = ServiceFact
        fields = ("id", "metric", "on", "quantity", "took", "note", "source", "at")


class ServiceFactCreateSerializer(serializers.Serializer):
    """A report of service; the same `source` with the same content is recorded once."""

    metric = serializers.ChoiceField(choices=[(one.value, one.label) for one in (*COUNTED, *TIMED)])
    on = DayField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        max_length=100, help_text="Unique for what was done."
    )
    quantity = CountField(required=False, default=1, min_value=0, max_value=MAX_QUANTITY)
    took = AmountField(
        max_digits=10,
        decimal_places=2,
        required=False,
        min_value=0,
        max_value=MAX_TOOK,
        help_text="Hours of an answer, days of a replacement.",
    )
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)
