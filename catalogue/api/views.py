"""API views that list products and return one."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from catalogue.api.serializers import ProductSerializer
from catalogue.models import Barcode, Product
from catalogue.queries import products_like


class ProductFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="like", label="Part of the SKU, name, pinyin, initials or barcode.")
    sku = django_filters.CharFilter(field_name="sku")
    category = django_filters.CharFilter(field_name="category__code")
    stage = django_filters.ChoiceFilter(field_name="stage", choices=Product.Stage.choices)

    class Meta:
        model = Product
        fields: list[str] = []

    def like(self, rows: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        return products_like(rows, value)


class _Products(GenericAPIView):
    right = "catalogue.view"
    serializer_class = ProductSerializer
    queryset = Product.objects.none()

    def get_queryset(self) -> Any:
        barcodes = Prefetch("barcodes", Barcode.objects.select_related("unit"))
        rows = Product.objects.visible_to(actor_of(self.request))
        return rows.select_related("category", "brand").prefetch_related("units", barcodes)


class ProductList(ListModelMixin, _Products):
    """List the products, newest first."""

    filterset_class = ProductFilter

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)


class ProductDetail(RetrieveModelMixin, _Products):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)
