"""API views of price-drop claims: read, reply as the partner, decide as the seller."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from approvals.api.answers import waiting_answer
from approvals.api.serializers import ApprovalSerializer
from approvals.models import Approval
from rebates.models import PriceDropClaim, PriceDropLayer, PriceDropLine
from rebates.operations.price_drops.deciding import approve_claim, refuse_claim
from rebates.operations.price_drops.replies import reply_to_claim
from ui.web.typed_serializers import CountField


class PriceDropClaimSerializer(serializers.ModelSerializer):
    """What a price drop owes a partner. `unmatched` units have no receipt and pay nothing."""

    seller = serializers.UUIDField(source="drop.seller_id")
    party = serializers.UUIDField(source="party_id")
    price_list = serializers.CharField(source="drop.price_list.code")
    effective = serializers.DateField(source="drop.effective")
    journal = serializers.UUIDField(source="journal_id", allow_null=True)

    class Meta:
        model = PriceDropClaim
        fields: tuple[str, ...] = (
            "id",
            "seller",
            "party",
            "price_list",
            "effective",
            "state",
            "amount",
            "unmatched",
            "unknown",
            "sent_at",
            "reply_by",
            "reply",
            "reply_reason",
            "replied_at",
            "reason",
            "decided_at",
            "journal",
        )


class PriceDropLayerSerializer(serializers.ModelSerializer):
    """Units of one receipt; `day` is null in transit. The drop starts from `price`."""

    shipment = serializers.UUIDField(source="shipment_id")

    class Meta:
        model = PriceDropLayer
        fields = ("shipment", "day", "qty", "paid", "price", "reason", "credit")


class PriceDropLineSerializer(serializers.ModelSerializer):
    """A product of a claim. `on_hand` is null without figures, `stated` what the partner says."""

    sku = serializers.CharField(source="product.sku")
    layers = PriceDropLayerSerializer(many=True)

    class Meta:
        model = PriceDropLine
        fields = ("sku", "price_before", "price_after", "on_hand", "stated", "unmatched", "amount", "layers")


class PriceDropClaimDetailSerializer(PriceDropClaimSerializer):
    lines = PriceDropLineSerializer(many=True)

    class Meta(PriceDropClaimSerializer.Meta):
        fields = (*PriceDropClaimSerializer.Meta.fields, "lines")


class StatedStockSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=60)
    on_hand = CountField(min_value=0)


class PriceDropReplySerializer(serializers.Serializer[Any]):
    """`accepted`, `disputed` with a reason, or `corrected` with `stocks` that have no figures.

    Stock that differs from figures needs a document, which is sent in the browser.
    """

    reply = serializers.ChoiceField(
        choices=[one for one in PriceDropClaim.Reply.choices if one[0] != "silent"]
    )
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    stocks = StatedStockSerializer(many=True, required=False, default=list)


class PriceDropDecisionSerializer(serializers.Serializer[Any]):
    approves = serializers.BooleanField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PriceDropClaimFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=PriceDropClaim.State.choices)
    party = django_filters.UUIDFilter(field_name="party_id", label="The id of a partner.")

    class Meta:
        model = PriceDropClaim
        fields: ClassVar[list[str]] = []


class _Claims:
    request: Any
    rights = {"GET": "price_drop.view", "POST": "price_drop.reply"}
    serializer_class: Any = PriceDropClaimSerializer
    queryset = PriceDropClaim.objects.none()

    def get_queryset(self) -> Any:
        return PriceDropClaim.objects.visible_to(actor_of(self.request)).select_related("drop__price_list")


def _detail(rows: Any, pk: UUID) -> Any:
    found = get_object_or_404(_with_lines(rows), id=pk)
    return PriceDropClaimDetailSerializer(found).data


def _with_lines(rows: Any) -> Any:
    layers = PriceDropLayer.objects.order_by("position")
    lines = PriceDropLine.objects.select_related("product").order_by("product__sku")
    return rows.prefetch_related(Prefetch("lines", lines), Prefetch("lines__layers", layers))


class PriceDropClaimList(_Claims, ListAPIView):
    """List the price-drop claims of the key's party, as seller or as partner, newest first."""

    filterset_class = PriceDropClaimFilter


class PriceDropClaimDetail(_Claims, RetrieveAPIView):
    """Return one claim with its lines and the receipts that they count."""

    serializer_class = PriceDropClaimDetailSerializer

    def get_queryset(self) -> Any:
        return _with_lines(super().get_queryset())


class PriceDropClaimReply(_Claims, GenericAPIView):
    """The reply to a claim."""

    @extend_schema(
        operation_id="price_drop_claims_reply",
        request=PriceDropReplySerializer,
        responses={201: PriceDropClaimDetailSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Accept or dispute a claim, or state the stock, as the partner within its days to reply."""
        body = PriceDropReplySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        reply_to_claim(
            claim_id=pk,
            reply=given["reply"],
            reason=given["reason"],
            stocks={one["sku"]: one["on_hand"] for one in given["stocks"]},
            by=actor_of(self.request),
            at=timezone.now(),
        )
        return Response(_detail(self.get_queryset(), pk), status=201)


class PriceDropClaimDecision(_Claims, GenericAPIView):
    """The decision of a claim."""

    rights = {"POST": "price_drop.decide"}

    @extend_schema(
        operation_id="price_drop_claims_decide",
        request=PriceDropDecisionSerializer,
        responses={201: PriceDropClaimDetailSerializer, 202: ApprovalSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Approve or refuse a claim as its seller; 202 answers with the approval of a second person."""
        body = PriceDropDecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        decide = approve_claim if body.validated_data["approves"] else refuse_claim
        done = decide(
            claim_id=pk,
            reason=body.validated_data["reason"],
            by=actor_of(self.request),
            at=timezone.now(),
        )
        if isinstance(done, Approval):
            return waiting_answer(done)
        return Response(_detail(self.get_queryset(), pk), status=201)
