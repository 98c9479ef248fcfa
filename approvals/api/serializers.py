"""Serializers of approvals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from approvals.models import Approval
from approvals.queries import changes_of


class FieldChangeSerializer(serializers.Serializer):
    """One line of what changes."""

    label = serializers.CharField()  # type: ignore[assignment]  # hides Field.label
    old = serializers.CharField()
    new = serializers.CharField()


class ApprovalSerializer(serializers.ModelSerializer):
    """A change that waits for a second person, or the decision on it. `amount` is null if it has none."""

    kind_label = serializers.CharField(read_only=True)
    changes = serializers.SerializerMethodField()
    amount = serializers.CharField(allow_null=True)
    requested_by = serializers.CharField(source="requested_by.username")
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)

    class Meta:
        model = Approval
        fields = (
            "id",
            "kind",
            "kind_label",
            "title",
            "target",
            "target_id",
            "changes",
            "amount",
            "state",
            "requested_by",
            "requested_at",
            "decided_by",
            "decided_at",
            "reason",
        )

    def get_changes(self, row: Approval) -> list[dict[str, Any]]:
        return [dict(FieldChangeSerializer(one).data) for one in changes_of(row)]


class RejectionSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)
