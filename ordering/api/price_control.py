"""The prices that people of the key's party set by hand."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from accounts.rights import actor_of
from ordering.models import ManualPrice


class ManualPriceRowSerializer(serializers.ModelSerializer):
    """A price set by hand for a line of an order; both prices are for `per` base units."""

    order = serializers.UUIDField(source="order_id")
    number = serializers.CharField(source="order.number")
    buyer = serializers.UUIDField(source="order.buyer_id")
    set_by = serializers.CharField(source="set_by_name")

    class Meta:
        model = ManualPrice
        fields = (
            "id",
            "order",
            "number",
            "position",
            "buyer",
            "sku",
            "qty",
            "per",
            "price_list",
            "list_price",
            "price",
            "difference",
            "reason",
            "set_by",
            "set_at",
        )


class ManualPriceFilter(django_filters.FilterSet):
    order = django_filters.UUIDFilter(field_name="order_id")
    buyer = django_filters.UUIDFilter(field_name="order__buyer_id")
    sku = django_filters.CharFilter()
    set_since = django_filters.IsoDateTimeFilter(
        field_name="set_at", lookup_expr="gte", label="The first moment at which they were set."
    )

    class Meta:
        model = ManualPrice
        fields: list[str] = []


class ManualPriceList(ListAPIView):
    """List the prices that people of the key's party set by hand for its sales, newest first."""

    right = "price.view"
    serializer_class = ManualPriceRowSerializer
    filterset_class = ManualPriceFilter
    queryset = ManualPrice.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = ManualPrice.objects.visible_to(actor_of(self.request))
        return rows.select_related("order")
