"""Serializers of parties."""

from rest_framework import serializers

from dealers.models import Party


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
    tier = serializers.CharField(source="tier.code", default="")
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
            "tier",
            "parent",
            "tags",
            "is_active",
            "joined_on",
        )

    def get_tags(self, party: Party) -> list[str]:
        return sorted(one.tag.code for one in party.tags.all())
