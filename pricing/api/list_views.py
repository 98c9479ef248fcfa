"""API views of price lists: read, drafted, filled, copied and given a next version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.rights import actor_of
from pricing.api.list_serializers import (
    CopyCreateSerializer,
    EntriesSerializer,
    PriceEntrySerializer,
    PriceListCreateSerializer,
    PriceListSerializer,
    VersionCreateSerializer,
    WrittenEntriesSerializer,
    plain_entries,
)
from pricing.models import AudienceKind, PriceEntry, PriceList
from pricing.operations.list_copies import Repricing, copy_price_list, new_version
from pricing.operations.price_lists import draft_price_list, set_entries
from tenancy.context import active_tenant_id
from tenancy.models import Tenant
from ui.web.typed_filters import DayFilter


class PriceListFilter(django_filters.FilterSet):
    seller = django_filters.UUIDFilter(field_name="seller_id")
    code = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=PriceList.State.choices)
    audience_kind = django_filters.ChoiceFilter(choices=AudienceKind.choices)
    audience_value = django_filters.CharFilter()
    on = DayFilter(method="in_force", label="Published and in force on this date.")

    class Meta:
        model = PriceList
        fields: list[str] = []

    def in_force(self, rows: QuerySet[PriceList], name: str, value: Any) -> QuerySet[PriceList]:
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=value)
        going = Q(until__isnull=True) | Q(until__gt=value)
        return rows.filter(begun, going, state=PriceList.State.PUBLISHED)


class _PriceLists(GenericAPIView):
    rights = {"GET": "price.view", "POST": "price.edit", "PUT": "price.edit"}
    serializer_class: Any = PriceListSerializer
    queryset = PriceList.objects.none()

    def get_queryset(self) -> Any:
        return PriceList.objects.visible_to(actor_of(self.request))

    def visible(self, pk: UUID) -> PriceList:
        found: PriceList = get_object_or_404(self.get_queryset(), id=pk)
        return found

    def answer(self, price_list: PriceList) -> Response:
        return Response(PriceListSerializer(price_list).data, status=201)


class PriceListList(ListModelMixin, _PriceLists):
    """List the price lists of the key's party as seller, newest first; the manufacturer sees all."""

    filterset_class = PriceListFilter

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    @extend_schema(request=PriceListCreateSerializer, responses={201: PriceListSerializer})
    def post(self, request: Request) -> Response:
        """Draft a price list of the key's own party, with its prices."""
        given = _given(PriceListCreateSerializer, request)
        by = actor_of(request)
        entries = plain_entries(given.pop("entries", ()))
        if "tax_included" not in given:
            given["tax_included"] = Tenant.objects.get(id=active_tenant_id()).prices_include_tax
        made = PriceList(seller_id=by.party_id, **given)  # type: ignore[misc]  # a party's key
        return self.answer(draft_price_list(price_list=made, entries=entries, by=by, at=timezone.now()))


class PriceListDetail(RetrieveAPIView, _PriceLists):
    """One price list."""


class PriceListCopy(_PriceLists):
    @extend_schema(
        operation_id="price_lists_copy",
        request=CopyCreateSerializer,
        responses={201: PriceListSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Copy an own list into a draft of another code, with its prices changed."""
        given = _given(CopyCreateSerializer, request)
        made = copy_price_list(
            price_list_id=self.visible(pk).id,
            code=given["code"],
            name=given["name"],
            **_days_and_repricing(given),
            by=actor_of(request),
            at=timezone.now(),
        )
        return self.answer(made)


class PriceListVersions(_PriceLists):
    @extend_schema(
        operation_id="price_lists_next_version",
        request=VersionCreateSerializer,
        responses={201: PriceListSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Draft the next version of an own list."""
        given = _given(VersionCreateSerializer, request)
        by, at = actor_of(request), timezone.now()
        return self.answer(
            new_version(price_list_id=self.visible(pk).id, **_days_and_repricing(given), by=by, at=at)
        )


class PriceEntryFilter(django_filters.FilterSet):
    sku = django_filters.CharFilter(field_name="product__sku")

    class Meta:
        model = PriceEntry
        fields: list[str] = []


class PriceEntryList(ListModelMixin, GenericAPIView):
    """List the prices of one price list, or replace those of a draft."""

    rights = {"GET": "price.view", "PUT": "price.edit"}
    serializer_class = PriceEntrySerializer
    filterset_class = PriceEntryFilter
    queryset = PriceEntry.objects.none()

    def get_queryset(self) -> Any:
        rows = PriceEntry.objects.visible_to(actor_of(self.request)).filter(price_list_id=self.kwargs["pk"])
        return rows.select_related("product")

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    @extend_schema(
        operation_id="price_entries_replace",
        request=EntriesSerializer,
        responses={200: WrittenEntriesSerializer},
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Replace all prices of an own draft; one wrong row refuses all of them."""
        given = _given(EntriesSerializer, request)
        by = actor_of(request)
        found = get_object_or_404(PriceList.objects.visible_to(by), id=pk)
        entries = plain_entries(given["entries"])
        count = set_entries(price_list_id=found.id, entries=entries, by=by, at=timezone.now())
        return Response({"entries": count})


def _given(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _days_and_repricing(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "starts_on": given.get("starts_on"),
        "until": given.get("until"),
        "repricing": Repricing(given["percent"], given["places"], given["with_advised"]),
    }
