"""Price limits of the key's own sales."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from catalogue.models import Category, Product
from dealers.models import Region
from pricing.models import Limit
from pricing.operations.limits import BadLimit, end_limit, set_limit
from ui.web.typed_serializers import AmountField, DayField


class LimitSerializer(serializers.ModelSerializer):
    """A floor or ceiling of the seller's own net price for one base unit. `until` is exclusive."""

    seller = serializers.UUIDField(source="seller_id")
    sku = serializers.CharField(source="product.sku", default="", help_text="Empty for several products.")
    category = serializers.CharField(
        source="category.code", default="", help_text="Its code; those below it are included."
    )
    region = serializers.CharField(
        source="region_id", allow_null=True, help_text="Its code; deeper regions are included."
    )
    contract = serializers.CharField(source="contract_code")
    level = serializers.CharField(help_text="The level of the buyers; empty for all.")

    class Meta:
        model = Limit
        fields = (
            "id",
            "seller",
            "clause",
            "sku",
            "category",
            "level",
            "region",
            "contract",
            "floor",
            "ceiling",
            "action",
            "starts_on",
            "until",
        )


class LimitUpdateSerializer(serializers.Serializer):
    """The fields of a limit to change. A limit names a SKU or a category, or neither for all goods."""

    clause = serializers.CharField(max_length=60, required=False)
    sku = serializers.CharField(max_length=60, required=False, allow_blank=True)
    category = serializers.CharField(max_length=40, required=False, allow_blank=True)
    level = serializers.CharField(
        max_length=12, required=False, allow_blank=True, help_text="dealer, member, outlet, or empty for all."
    )
    region = serializers.CharField(max_length=12, required=False, allow_blank=True)
    contract = serializers.CharField(max_length=40, required=False, allow_blank=True)
    floor = AmountField(max_digits=14, decimal_places=4, required=False, allow_null=True)
    ceiling = AmountField(max_digits=14, decimal_places=4, required=False, allow_null=True)
    action = serializers.ChoiceField(choices=Limit.Action.choices, required=False)
    starts_on = DayField(required=False, allow_null=True)
    until = DayField(required=False, allow_null=True, help_text="The first day on which it no longer holds.")


class LimitCreateSerializer(LimitUpdateSerializer):
    """A new limit of the key's own sales."""

    clause = serializers.CharField(max_length=60)
    action = serializers.ChoiceField(choices=Limit.Action.choices)


class LimitEndSerializer(serializers.Serializer):
    """The end of a limit."""

    on = DayField(required=False, help_text="The first day on which it no longer holds; today by default.")


class LimitFilter(django_filters.FilterSet):
    seller = django_filters.UUIDFilter(field_name="seller_id")
    sku = django_filters.CharFilter(field_name="product__sku")
    category = django_filters.CharFilter(field_name="category__code")
    level = django_filters.CharFilter(label="dealer, member or outlet.")
    region = django_filters.CharFilter(field_name="region_id", label="The code of the region that it names.")
    contract = django_filters.CharFilter(
        field_name="contract_code", label="The code of the contract that it names."
    )
    action = django_filters.ChoiceFilter(choices=Limit.Action.choices)

    class Meta:
        model = Limit
        fields: list[str] = []


class _Limits:
    request: Any
    right = "price.edit"
    serializer_class: Any = LimitSerializer
    queryset = Limit.objects.none()

    def get_queryset(self) -> Any:
        rows = Limit.objects.visible_to(actor_of(self.request))
        return rows.select_related("product", "category")


class LimitList(_Limits, ListAPIView):
    """List the price limits of the key's own sales; the manufacturer sees all."""

    filterset_class = LimitFilter

    @extend_schema(request=LimitCreateSerializer, responses={201: LimitSerializer})
    def post(self, request: Request) -> Response:
        """Set a new limit of the key's own sales."""
        limit = Limit(seller_id=actor_of(request).party_id)  # type: ignore[misc]  # a key acts for a party
        return Response(_saved(limit, LimitCreateSerializer, request), status=201)


class LimitDetail(_Limits, RetrieveAPIView):
    """Return one price limit of the key's own sales."""

    @extend_schema(request=LimitUpdateSerializer, responses={200: LimitSerializer})
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change the given fields of a limit of the key's own sales."""
        with transaction.atomic():
            limit: Limit = get_object_or_404(self.get_queryset().select_for_update(of=("self",)), id=pk)
            return Response(_saved(limit, LimitUpdateSerializer, request))


class LimitEnd(_Limits, APIView):
    """The end of a limit of the key's own sales."""

    @extend_schema(operation_id="limits_end", request=LimitEndSerializer, responses={200: LimitSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        limit: Limit = get_object_or_404(self.get_queryset(), id=pk)
        body = LimitEndSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        on = body.validated_data.get("on") or timezone.localdate()
        end_limit(limit_id=limit.id, on=on, by=actor_of(request), at=timezone.now())
        return Response(LimitSerializer(self.get_queryset().get(id=pk)).data)


def _saved(limit: Limit, serializer: type[serializers.Serializer], request: Request) -> Any:
    """Return the body of the limit after the given fields were set. Raise BadLimit for an unknown code."""
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    given = dict(body.validated_data)
    codes: tuple[tuple[str, str, Any, str], ...] = (
        ("sku", "product", Product.objects, "sku"),
        ("category", "category", Category.objects, "code"),
        ("region", "region", Region.objects, "code"),
    )
    for field, attribute, rows, key in codes:
        code = given.pop(field, None)
        if code is None:
            continue
        found = rows.filter(**{key: code}).first() if code else None
        if code and found is None:
            raise BadLimit(_("There is no “%(code)s”.") % {"code": code}, field=field)
        setattr(limit, attribute, found)
    if "contract" in given:
        limit.contract_code = given.pop("contract")
    for name, value in given.items():
        setattr(limit, name, value)
    set_limit(limit=limit, by=actor_of(request), at=timezone.now())
    return LimitSerializer(limit).data
