"""API views that list parties and return one."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from dealers.api.serializers import PartySerializer
from dealers.models import Party
from dealers.queries.parties import parties_in, parties_like


class PartyFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="like", label="Part of the code, name, contact, phone or pinyin.")
    kind = django_filters.ChoiceFilter(field_name="kind", choices=Party.Kind.choices)
    code = django_filters.CharFilter(field_name="code")
    parent = django_filters.UUIDFilter(field_name="parent_id")
    region = django_filters.CharFilter(
        method="inside", label="A region's code of GB/T 2260; the regions inside it are included."
    )
    tier = django_filters.CharFilter(field_name="tier__code")
    tag = django_filters.CharFilter(field_name="tags__tag__code")
    is_active = django_filters.BooleanFilter(field_name="is_active")

    class Meta:
        model = Party
        fields: list[str] = []

    def like(self, rows: QuerySet[Party], name: str, value: str) -> QuerySet[Party]:
        return parties_like(rows, value)

    def inside(self, rows: QuerySet[Party], name: str, value: str) -> QuerySet[Party]:
        return parties_in(rows, value)


class _Parties(GenericAPIView):
    right = "party.view"
    serializer_class = PartySerializer
    queryset = Party.objects.none()

    def get_queryset(self) -> Any:
        rows = Party.objects.visible_to(actor_of(self.request))
        return rows.select_related("region", "channel", "tier").prefetch_related("tags__tag")


class PartyList(ListModelMixin, _Parties):
    """List the parties that the key's party may see, newest first."""

    filterset_class = PartyFilter

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class PartyDetail(RetrieveModelMixin, _Parties):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)
