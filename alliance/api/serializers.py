"""Serializers of contracts, their terms, signatures and evidence."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rights import MANUFACTURER, actor_of
from alliance.api.draft_serializers import TermsSerializer
from alliance.domain.visible_facts import facts_for_partners
from alliance.models import Contract, ContractArea, Evidence, GuaranteeMonth, Signature, SpreadTerm
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.terms_json import write_terms_json
from ui.web.typed_serializers import DayField


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
        fields = ("month", "kind", "measured", "broken", "owed", "booked")


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

    @extend_schema_field(TermsSerializer)
    def get_terms(self, contract: Contract) -> dict[str, Any]:
        """Return all terms in the shape in which a draft is written."""
        return write_terms_json(contract)

    class Meta(ContractSerializer.Meta):
        fields = (
            *ContractSerializer.Meta.fields,
            "text",
            "areas",
            "spreads",
            "signatures",
            "months",
            "terms",
        )


class ContractVersionCreateSerializer(serializers.Serializer):
    """The period of the next version of a contract."""

    starts_on = DayField(help_text="The active version ends the day before, once this one is signed.")
    until = DayField(required=False, help_text="Exclusive; by default as in the active version.")


class ContractSignatureCreateSerializer(serializers.Serializer):
    """A signature of the key's party."""

    digest = serializers.RegexField(r"^[0-9a-f]{64}\Z", help_text="The digest of the text to sign.")
