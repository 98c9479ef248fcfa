"""Serializers of portfolios, trials and ideas."""

from django.db.models import TextChoices
from rest_framework import serializers

from assortment.models import MAX_SCORE, MIN_SCORE, Idea, Trial, TrialParty
from catalogue.models import Portfolio
from kernel.quantities import MAX_UNITS
from ui.web.typed_serializers import CountField, DayField


class TrialDecision(TextChoices):
    LAUNCH = "launch"
    DROP = "drop"
    EXTEND = "extend"


class PortfolioSerializer(serializers.ModelSerializer):
    """A portfolio; in force from `starts_on` until the day before `until`."""

    channels = serializers.SerializerMethodField()
    skus = serializers.SerializerMethodField()

    class Meta:
        model = Portfolio
        fields = ("id", "code", "name", "starts_on", "until", "channels", "skus")

    def get_channels(self, row: Portfolio) -> list[str]:
        return sorted(one.channel.code for one in row.channels.all())

    def get_skus(self, row: Portfolio) -> list[str]:
        return sorted(one.product.sku for one in row.products.all())


class PortfolioCreateSerializer(serializers.Serializer):
    """A portfolio with its channels, by code, and its products."""

    code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=100)
    starts_on = DayField(required=False, allow_null=True, default=None)
    until = DayField(required=False, allow_null=True, default=None)
    channels = serializers.ListField(child=serializers.CharField(max_length=40), default=list)
    skus = serializers.ListField(child=serializers.CharField(max_length=60), default=list, max_length=10_000)


class TrialPartySerializer(serializers.ModelSerializer):
    """A party of a trial with its feedback, null before it has answered."""

    party = serializers.CharField(source="party.code")

    class Meta:
        model = TrialParty
        fields = ("party", "planned_qty", "quality", "packaging", "price", "demand", "comment", "answered_at")


class TrialSerializer(serializers.ModelSerializer):
    """A trial; a partner sees itself alone among the parties."""

    product = serializers.CharField(source="product.sku")
    parties = TrialPartySerializer(many=True, source="visible_parties")

    class Meta:
        model = Trial
        fields = ("id", "product", "purpose", "starts_on", "until", "verdict", "verdict_reason", "parties")


class TrialPartyCreateSerializer(serializers.Serializer):
    """A party, by code, and the base units that it is to try."""

    code = serializers.CharField(max_length=40)
    qty = CountField(min_value=0, max_value=MAX_UNITS, default=0)


class TrialCreateSerializer(serializers.Serializer):
    """A new trial from `starts_on` until the day before `until`."""

    sku = serializers.CharField(max_length=60)
    purpose = serializers.CharField(max_length=200)
    starts_on = DayField()
    until = DayField()
    parties = TrialPartyCreateSerializer(many=True)


class TrialAnswerCreateSerializer(serializers.Serializer):
    """The feedback of the key's party."""

    quality = CountField(min_value=MIN_SCORE, max_value=MAX_SCORE)
    packaging = CountField(min_value=MIN_SCORE, max_value=MAX_SCORE)
    price = CountField(min_value=MIN_SCORE, max_value=MAX_SCORE)
    demand = CountField(min_value=MIN_SCORE, max_value=MAX_SCORE)
    comment = serializers.CharField(max_length=1000, default="", allow_blank=True)


class TrialVerdictCreateSerializer(serializers.Serializer):
    """The verdict: `extend` states the new end, `until`."""

    verdict = serializers.ChoiceField(choices=TrialDecision.choices)
    reason = serializers.CharField(max_length=300)
    until = DayField(required=False, allow_null=True, default=None)


class IdeaSerializer(serializers.ModelSerializer):
    """An idea with its votes; `product` is the SKU of the product that it became."""

    category = serializers.CharField(source="category.code", default="")
    product = serializers.CharField(source="product.sku", default="")
    votes = serializers.IntegerField(source="vote_count")

    class Meta:
        model = Idea
        fields = ("id", "title", "text", "category", "state", "answer", "product", "votes", "submitted_at")


class IdeaCreateSerializer(serializers.Serializer):
    """A new idea of the key's party."""

    title = serializers.CharField(max_length=100)
    text = serializers.CharField(max_length=1000)
    category = serializers.CharField(max_length=40, default="", allow_blank=True)


class VoteCreateSerializer(serializers.Serializer):
    """The vote of the key's party."""

    wanted = serializers.BooleanField(default=True)


class IdeaAnswerCreateSerializer(serializers.Serializer):
    """The answer: with `sku` and `name` the idea becomes a product in development, without it is declined."""

    answer = serializers.CharField(max_length=500)
    sku = serializers.CharField(max_length=60, default="", allow_blank=True)
    name = serializers.CharField(max_length=200, default="", allow_blank=True)
