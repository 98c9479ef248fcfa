"""API views that list the monthly scorecards of parties and return one."""

from __future__ import annotations

from typing import Any

import django_filters
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from accounts.rights import actor_of
from dealers.models import TierMonth
from dealers.queries.scorecards import scorecards_for
from ui.web.typed_filters import DayFilter


class ScorecardSerializer(serializers.ModelSerializer):
    """The score of a party in a month. `reasons` has the value, weight and points of each dimension, the
    threshold, and what would raise the tier."""

    party = serializers.UUIDField(source="party_id")
    party_code = serializers.CharField(source="party.code")
    before = serializers.CharField(source="before.code", default="")
    tier = serializers.CharField(source="tier.code")
    reasons = serializers.JSONField()

    class Meta:
        model = TierMonth
        fields = (
            "id",
            "party",
            "party_code",
            "month",
            "score",
            "before",
            "tier",
            "move",
            "months_below",
            "reasons",
        )


class ScorecardFilter(django_filters.FilterSet):
    party = django_filters.UUIDFilter(field_name="party_id")
    month = DayFilter()
    tier = django_filters.CharFilter(field_name="tier__code")
    move = django_filters.ChoiceFilter(choices=TierMonth.Move.choices)

    class Meta:
        model = TierMonth
        fields: list[str] = []


class _Scorecards:
    request: Any
    right = "tier.view"
    serializer_class: Any = ScorecardSerializer
    queryset = TierMonth.objects.none()

    def get_queryset(self) -> Any:
        rows = scorecards_for(actor_of(self.request))
        return rows.select_related("party", "tier", "before")


class ScorecardList(_Scorecards, ListAPIView):
    """List the scorecards of the key's own party and of the parties it manages."""

    filterset_class = ScorecardFilter


class ScorecardDetail(_Scorecards, RetrieveAPIView):
    pass
