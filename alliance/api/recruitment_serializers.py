"""Serializers of applications and authorisations."""

from __future__ import annotations

from django.utils import timezone
from rest_framework import serializers

from alliance.models import Application, ApplicationDocument, ApplicationEntry, Authorisation
from alliance.queries.verification import EXPIRED, REVOKED, UNKNOWN, UPCOMING, VALID, state_of
from ui.web.typed_serializers import DayField

DECISIONS = ("accept", "refuse")
STATES = (VALID, EXPIRED, REVOKED, UPCOMING, UNKNOWN)


class ApplicationSerializer(serializers.ModelSerializer):
    """What a company typed into the public form, and what became of it."""

    region = serializers.CharField(source="region_id")
    party = serializers.UUIDField(source="party_id", allow_null=True)
    channels = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Application
        fields: tuple[str, ...] = (
            "id",
            "code",
            "state",
            "kind",
            "company",
            "uscc",
            "contact",
            "phone",
            "email",
            "region",
            "address",
            "channels",
            "outlets",
            "vehicles",
            "warehouse",
            "licences",
            "remark",
            "received_at",
            "score",
            "decided_at",
            "reason",
            "party",
        )


class ApplicationDocumentSerializer(serializers.ModelSerializer):
    """A file of an applicant, without its content."""

    class Meta:
        model = ApplicationDocument
        fields = ("id", "file_name", "media_type", "size", "sha256", "uploaded_at")


class ApplicationEntrySerializer(serializers.ModelSerializer):
    """An entry in the timeline of an application."""

    class Meta:
        model = ApplicationEntry
        fields = ("kind", "text", "on", "at", "who")


class ApplicationDetailSerializer(ApplicationSerializer):
    """An application with its checklist, points, files and timeline."""

    checklist = serializers.DictField(child=serializers.BooleanField())
    points = serializers.DictField(child=serializers.IntegerField())
    documents = ApplicationDocumentSerializer(many=True)
    entries = ApplicationEntrySerializer(many=True)

    class Meta(ApplicationSerializer.Meta):
        fields = (*ApplicationSerializer.Meta.fields, "checklist", "points", "documents", "entries")


class ApplicationDecisionCreateSerializer(serializers.Serializer):
    """The decision about an application."""

    decision = serializers.ChoiceField(choices=DECISIONS)
    reason = serializers.CharField(
        max_length=1000,
        required=False,
        allow_blank=True,
        default="",
        help_text="Needed to refuse, and to accept without a complete checklist.",
    )
    code = serializers.CharField(
        max_length=40, required=False, help_text="The code of the new party, to accept."
    )
    supplier = serializers.UUIDField(
        required=False, allow_null=True, help_text="The dealer that supplies a new member."
    )


class NamedCodeSerializer(serializers.Serializer):
    """A code and its name at the time of the issue."""

    code = serializers.CharField()
    name = serializers.CharField()


class AuthorisationSerializer(serializers.ModelSerializer):
    """A certificate of authorisation. `until` is exclusive; `code` verifies it."""

    party = serializers.UUIDField(source="party_id")
    regions = NamedCodeSerializer(many=True)
    categories = NamedCodeSerializer(many=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Authorisation
        fields = (
            "id",
            "number",
            "code",
            "state",
            "party",
            "party_name",
            "regions",
            "categories",
            "starts_on",
            "until",
            "issued_at",
            "revoked_at",
            "revoke_reason",
        )

    def get_state(self, row: Authorisation) -> str:
        """Return valid, expired, revoked, or upcoming before its first day."""
        return state_of(row, timezone.localdate())


class AuthorisationCreateSerializer(serializers.Serializer):
    """A new authorisation of a dealer or member."""

    party = serializers.UUIDField()
    regions = serializers.ListField(
        child=serializers.CharField(max_length=12), max_length=50, help_text="Codes of GB/T 2260."
    )
    categories = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=50, help_text="Codes of categories."
    )
    starts_on = DayField()
    until = DayField(help_text="Exclusive.")


class AuthorisationRevocationCreateSerializer(serializers.Serializer):
    """The reason of a revocation, which the partner reads."""

    reason = serializers.CharField(max_length=300)


class AuthorisationVerificationSerializer(serializers.Serializer):
    """Whether an authorisation holds today."""

    state = serializers.ChoiceField(choices=STATES)
