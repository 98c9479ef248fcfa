from __future__ import annotations

from rest_framework import serializers

from alliance.models import Contract, ContractArea, Evidence, GuaranteeMonth, Signature, SpreadTerm


class ContractSerializer(serializers.ModelSerializer):
    """`until` is exclusive; the parties are ids. `digest` is the hash that the three sign."""

    manufacturer = serializers.UUIDField(source="manufacturer_id")
    dealer = serializers.UUIDField(source="dealer_id")
    member = serializers.UUIDField(source="member_id")

    class Meta:
        model = Contract
        fields: tuple[str, ...] = (
            "id", "code", "version", "state", "manufacturer", "dealer", "member", "starts_on", "until",
            "delivery_hours", "late_fee", "digest", "submitted_at", "activated_at",
        )  # fmt: skip


class AreaSerializer(serializers.ModelSerializer):
    """A region that is the member's alone for a category, while `holds`."""

    category = serializers.CharField(source="category.code")
    region = serializers.CharField(source="region_id")
    region_name = serializers.CharField(source="region.full_name")

    class Meta:
        model = ContractArea
        fields = ("category", "region", "region_name", "holds")


class SpreadSerializer(serializers.ModelSerializer):
    """Guaranteed: advised resale price less the member's purchase price, for one base unit."""

    sku = serializers.CharField(source="product.sku")

    class Meta:
        model = SpreadTerm
        fields = ("clause", "sku", "guaranteed", "advised_resale")


class SignatureSerializer(serializers.ModelSerializer):
    party = serializers.UUIDField(source="party_id")

    class Meta:
        model = Signature
        fields = ("party", "digest", "at")


class GuaranteeMonthSerializer(serializers.ModelSerializer):
    """How often a guarantee was measured and broken in a month, what is owed and what is booked."""

    class Meta:
        model = GuaranteeMonth
        fields = ("month", "kind", "measured", "broken", "owed", "booked")


class EvidenceSerializer(serializers.ModelSerializer):
    """One fact that a guarantee was kept or broken; `facts` is what the rule was given and answered."""

    facts = serializers.DictField()

    class Meta:
        model = Evidence
        fields = ("id", "kind", "source", "on", "kept", "owed", "facts")


class ContractDetailSerializer(ContractSerializer):
    text = serializers.DictField(help_text="the frozen text that the digest is made of; {} while a draft")
    areas = AreaSerializer(many=True)
    spreads = SpreadSerializer(many=True)
    signatures = SignatureSerializer(many=True)
    months = GuaranteeMonthSerializer(many=True)

    class Meta(ContractSerializer.Meta):
        fields = (*ContractSerializer.Meta.fields, "text", "areas", "spreads", "signatures", "months")


class AskedVersionSerializer(serializers.Serializer):
    starts_on = serializers.DateField(
        help_text="the version in force ends on the day before, once it is signed"
    )
    until = serializers.DateField(required=False, help_text="exclusive; without it as the version in force")


class AskedSignatureSerializer(serializers.Serializer):
    digest = serializers.RegexField(r"^[0-9a-f]{64}\Z", help_text="of the text that was read")
