"""The API view that explains one price, and its serializers."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from accounts.work_budget import begin_work, spend_work
from catalogue.queries import UnknownProduct
from kernel.quantities import MAX_UNITS
from pricing.api.serializers import PriceCandidateSerializer, QuoteHeadSerializer, Verdict
from pricing.models import Limit
from pricing.queries import STEPS_A_LINE, PricedOrder, quote_for
from pricing.queries.traders import day_of_prices, may_look_ahead, quote_parties
from pricing.queries.why import Named, WhyPrice, why_price
from ui.api import known_only
from ui.web.typed_serializers import CountField, DayField

Decimals = serializers.CharField


class LimitKind(TextChoices):
    """Which bound of the net price a limit sets."""

    FLOOR = "floor"
    CEILING = "ceiling"


class WhyQuerySerializer(serializers.Serializer):
    sku = serializers.CharField(max_length=60)
    qty = CountField(min_value=1, max_value=MAX_UNITS, default=1, help_text="In base units.")
    on = DayField(required=False, help_text="Today by default; later days for the seller's people only.")
    seller = serializers.CharField(max_length=40, required=False)
    buyer = serializers.CharField(max_length=40, required=False)


class WhyCandidateSerializer(PriceCandidateSerializer):
    """A price that was considered, with the version of its list and the days on which it holds."""

    name = serializers.CharField(help_text="The name of the price list.")
    version = serializers.IntegerField()
    starts_on = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True, help_text="The first day on which it no longer holds.")


class WhySchemeSerializer(serializers.Serializer):
    """A scheme that covers the product: whether it applied, why not, and the money it saved on the line."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    applied = serializers.BooleanField()
    reason = serializers.CharField()
    saved = Decimals()
    starts_on = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class WhyLimitSerializer(serializers.Serializer):
    """A limit on the seller's net price; `figure` is null for a buyer."""

    clause = serializers.CharField()
    kind = serializers.ChoiceField(choices=LimitKind.choices)
    action = serializers.ChoiceField(choices=Limit.Action.choices)
    met = serializers.BooleanField()
    figure = Decimals(allow_null=True)


class WhySpreadSerializer(serializers.Serializer):
    """The guaranteed spread per base unit: the advised resale price less the net price."""

    contract = serializers.CharField()
    clause = serializers.CharField()
    advised_resale = Decimals()
    spread = Decimals()
    guaranteed = Decimals()
    met = serializers.BooleanField(source="is_fulfilled")


class WhyPriceSerializer(QuoteHeadSerializer):
    """Why a product costs a buyer what it costs, ordered alone. Fields of the price are null without one."""

    sku = serializers.CharField()
    name = serializers.CharField()
    qty = serializers.IntegerField()
    free_qty = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    price_list = serializers.CharField(allow_null=True)
    per = serializers.IntegerField(allow_null=True)
    base_price = Decimals(allow_null=True)
    unit_price = Decimals(allow_null=True)
    net_unit_price = Decimals(allow_null=True)
    discount = Decimals(allow_null=True)
    amount = Decimals(allow_null=True)
    considered = WhyCandidateSerializer(many=True)
    schemes = WhySchemeSerializer(many=True)
    limits = WhyLimitSerializer(many=True)
    spread = WhySpreadSerializer(allow_null=True)


class WhyThisPrice(APIView):
    """Explain the price of one SKU for a buyer on a day: candidates, schemes, limits, spread, versions.

    A past day is answered by the lists and schemes in force then, whatever was published or withdrawn since.
    """

    right = "price.view"

    @extend_schema(
        operation_id="prices_why", parameters=[WhyQuerySerializer], responses={200: WhyPriceSerializer}
    )
    def get(self, request: Request) -> Response:
        begin_work(request)
        known_only(request, WhyQuerySerializer().fields.keys())
        parameters = WhyQuerySerializer(data=request.query_params.dict())
        parameters.is_valid(raise_exception=True)
        given = parameters.validated_data
        spend_work(request, STEPS_A_LINE)
        actor = actor_of(request)
        seller_id, buyer_id = quote_parties(buyer=given.get("buyer"), seller=given.get("seller"), actor=actor)
        on = day_of_prices(given.get("on"), seller_id=seller_id, actor=actor, today=timezone.localdate())
        try:
            priced = quote_for(
                seller_id=seller_id, buyer_id=buyer_id, lines=[(given["sku"], given["qty"])], on=on
            )
        except UnknownProduct as unknown:
            unknown.field = unknown.field.replace("lines[0].sku", "sku")
            raise
        why = why_price(priced, given["sku"], figures=may_look_ahead(actor, seller_id))
        return Response(dict(QuoteHeadSerializer(priced).data) | explanation(priced, why))


def explanation(priced: PricedOrder, why: WhyPrice) -> dict[str, Any]:
    """Return an explanation as JSON, in the shape of WhyPriceSerializer without its head."""
    line = why.line
    figures = {
        "per": line.per,
        "base_price": _text(line.base_price),
        "unit_price": _text(line.unit_price),
        "net_unit_price": _text(line.net_unit_price),
        "discount": _text(line.discount),
        "amount": _text(line.amount),
    }
    return {
        "sku": line.sku,
        "name": priced.products[line.sku].name,
        "qty": line.qty,
        "free_qty": line.free_qty,
        "verdict": line.verdict,
        "price_list": line.price_list,
        **(figures if line.is_priced else dict.fromkeys(figures)),
        "considered": [
            {
                "price_list": one.price_list.code,
                **_term_of(why.lists.get(one.price_list.code), with_version=True),
                "audience": one.price_list.audience.kind,
                "price": _text(one.entry.price),
                "per": one.entry.per,
                "min_qty": one.entry.min_qty,
                "wins": one.wins,
                "reason": one.reason,
                **({"missing": one.missing} if one.missing else {}),
            }
            for one in why.considered
        ],
        "schemes": [
            {
                "code": one.scheme.code,
                **_term_of(why.names.get(one.scheme.code)),
                "kind": one.scheme.kind,
                "applied": one.outcome.applied,
                "reason": one.outcome.reason,
                "saved": _text(one.saved),
            }
            for one in why.schemes
        ],
        "limits": [
            {
                "clause": one.clause,
                "kind": LimitKind.FLOOR if one.is_floor else LimitKind.CEILING,
                "action": one.action,
                "met": one.is_fulfilled,
                "figure": None if one.figure is None else _text(one.figure),
            }
            for one in why.limits
        ],
        "spread": None if why.spread is None else dict(WhySpreadSerializer(why.spread).data),
    }


def _term_of(named: Named | None, *, with_version: bool = False) -> dict[str, Any]:
    """Return name, version and days of a list or scheme; one without a name has an empty one."""
    found: dict[str, Any] = {
        "name": named.name if named else "",
        "starts_on": named.starts_on if named else None,
        "until": named.until if named else None,
    }
    return found | ({"version": named.version if named else 0} if with_version else {})


def _text(value: Any) -> str:
    return f"{value:f}"
