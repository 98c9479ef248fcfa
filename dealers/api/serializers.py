"""Serializers of parties."""

from rest_framework import serializers

from dealers.models import Party
from ui.models import local_name

IN_LANGUAGE = "In the language of the request; Chinese without an English name."


class PartyReferenceSerializer(serializers.Serializer):
    """A party that another object refers to."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()


class PartySerializer(serializers.ModelSerializer):
    """A company or shop; `region` is a code of GB/T 2260, `parent` is the party that supplies it."""

    region = serializers.CharField(source="region_id", allow_null=True)
    region_name = serializers.CharField(source="region.full_name", default="")
    channel = serializers.CharField(source="channel.code", default="")
    channel_name = serializers.SerializerMethodField(help_text=IN_LANGUAGE)
    tier = serializers.CharField(source="tier.code", default="")
    tier_name = serializers.SerializerMethodField(help_text=IN_LANGUAGE)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]  # hides Field.parent
    tags = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields = (
            "id",
            "kind",
            "code",
            "name",
            "uscc",
            "contact",
            "phone",
            "address",
            "region",
            "region_name",
            "channel",
            "channel_name",
            "tier",
            "tier_name",
            "parent",
            "tags",
            "is_active",
            "joined_on",
        )

    def get_channel_name(self, party: Party) -> str:
        return local_name(party.channel)

    def get_tier_name(self, party: Party) -> str:
        return local_name(party.tier)

    def get_tags(self, party: Party) -> list[str]:
        return sorted(one.tag.code for one in party.tags.all())
