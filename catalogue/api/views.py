"""API views that list, create and change products."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.rights import actor_of
from catalogue.api.serializers import (
    ProductCreateSerializer,
    ProductSerializer,
    ProductUpdateSerializer,
    StageMoveSerializer,
)
from catalogue.models import Barcode, Brand, Category, Product
from catalogue.operations.life_cycle import move_stage
from catalogue.operations.product_details import set_units_and_barcodes
from catalogue.operations.products import BadProduct, add_product, edit_product
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
    rights = {"GET": "catalogue.view", "POST": "catalogue.edit", "PATCH": "catalogue.edit"}
    serializer_class = ProductSerializer
    queryset = Product.objects.none()

    def get_queryset(self) -> Any:
        barcodes = Prefetch("barcodes", Barcode.objects.select_related("unit"))
        rows = Product.objects.visible_to(actor_of(self.request))
        return rows.select_related("category", "brand", "successor").prefetch_related("units", barcodes)


class ProductList(ListModelMixin, _Products):
    """List the products, newest first, or create one."""

    filterset_class = ProductFilter

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    @extend_schema(request=ProductCreateSerializer, responses={201: ProductSerializer})
    def post(self, request: Request) -> Response:
        """Create a product with its units and barcodes."""
        given = _given(ProductCreateSerializer, request)
        product = Product(stage=given["stage"])
        _set_fields(product, given)
        by = actor_of(request)
        units, barcodes = _units(given), _barcodes(given)
        add_product(product=product, units=units, barcodes=barcodes, by=by, at=timezone.now())
        return Response(ProductSerializer(self.get_queryset().get(id=product.id)).data, status=201)


class ProductDetail(RetrieveModelMixin, _Products):
    """One product."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)

    @extend_schema(request=ProductUpdateSerializer, responses={200: ProductSerializer})
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change the given fields of a product."""
        product: Product = get_object_or_404(self.get_queryset(), id=pk)
        given = _given(ProductUpdateSerializer, request)
        _set_fields(product, given)
        by, at = actor_of(request), timezone.now()
        edit_product(product=product, by=by, at=at)
        if "units" in given or "barcodes" in given:
            held_units = {one.name: one.factor for one in product.units.all()}
            held = [(one.code, one.unit.name if one.unit else "") for one in product.barcodes.all()]
            units = _units(given) if "units" in given else held_units
            barcodes = _barcodes(given) if "barcodes" in given else held
            set_units_and_barcodes(product=product, units=units, barcodes=barcodes, by=by, at=at)
        return Response(ProductSerializer(self.get_queryset().get(id=pk)).data)


class ProductStage(_Products):
    """The stage of one product."""

    @extend_schema(
        operation_id="products_move", request=StageMoveSerializer, responses={200: ProductSerializer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Move a product to another stage of its life cycle; its recent buyers are notified."""
        given = _given(StageMoveSerializer, request)
        get_object_or_404(self.get_queryset(), id=pk)
        move_stage(
            product_id=pk,
            stage=given["stage"],
            successor_sku=given["successor"],
            reason=given["reason"],
            by=actor_of(request),
            at=timezone.now(),
        )
        return Response(ProductSerializer(self.get_queryset().get(id=pk)).data)


def _given(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _set_fields(product: Product, given: dict[str, Any]) -> None:
    """Set the plain fields, the category by its code and the brand by its name. Raises BadProduct."""
    for field in ("sku", "name", "base_unit", "tax_rate"):
        if field in given:
            setattr(product, field, given[field])
    if "category" in given:
        category = Category.objects.filter(code=given["category"]).first()
        if given["category"] and category is None:
            raise BadProduct(_("There is no such category."), field="category")
        product.category = category
    if "brand" in given:
        brand = Brand.objects.filter(name=given["brand"]).first()
        if given["brand"] and brand is None:
            raise BadProduct(_("There is no such brand."), field="brand")
        product.brand = brand


def _units(given: dict[str, Any]) -> dict[str, int]:
    return {one["name"]: one["factor"] for one in given.get("units", ())}


def _barcodes(given: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], one["unit"]) for one in given.get("barcodes", ())]
