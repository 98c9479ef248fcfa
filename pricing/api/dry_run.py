"""API views of the dry run of a price list, and of its publication."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from approvals.api.answers import waiting_answer
from approvals.api.serializers import ApprovalSerializer
from approvals.models import Approval
from pricing.api.list_serializers import PriceListSerializer
from pricing.models import DryRun, DryRunFinding, PriceList
from pricing.operations.dry_run.demands import MAX_REASON_CHARACTERS
from pricing.operations.dry_run.running import request_dry_run
from pricing.operations.price_lists import publish_price_list
from pricing.queries.dry_run.pages import run_state, sentence_of
from ui.web.shortcuts import get_visible_or_404


class DryRunSerializer(serializers.ModelSerializer[DryRun]):
    """A dry run of a price list. `figures` has those of each check."""

    is_finished = serializers.SerializerMethodField()

    class Meta:
        model = DryRun
        fields = (
            "id",
            "price_list",
            "job_id",
            "on",
            "started_at",
            "finished_at",
            "is_finished",
            "breaking",
            "owed",
            "figures",
            "reason",
            "published_by",
            "published_at",
        )

    def get_is_finished(self, run: DryRun) -> bool:
        return run.finished_at is not None


class DryRunDetailSerializer(DryRunSerializer):
    """The last dry run of a price list, and whether it is of the draft as it is now."""

    is_current = serializers.BooleanField()

    class Meta:
        model = DryRun
        fields = (*DryRunSerializer.Meta.fields, "is_current")


class DryRunFindingSerializer(serializers.ModelSerializer[DryRunFinding]):
    """One finding of a dry run; `sentence` says it in words."""

    sku = serializers.CharField(source="product.sku", default=None, allow_null=True)
    party = serializers.CharField(source="party.code", default=None, allow_null=True)
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = DryRunFinding
        fields = ("id", "kind", "is_breaking", "sku", "party", "amount", "sentence", "facts")

    def get_sentence(self, finding: DryRunFinding) -> str:
        return sentence_of(finding)


class PublicationSerializer(serializers.Serializer[Any]):
    """The reason for publishing the manufacturer's list although it breaks a promise."""

    reason = serializers.CharField(max_length=MAX_REASON_CHARACTERS, required=False, allow_blank=True)


def _own_list(request: Request, pk: UUID) -> PriceList:
    actor = actor_of(request)
    mine = PriceList.objects.filter(seller_id=actor.party_id)
    found: PriceList = get_visible_or_404(mine, actor, id=pk)
    return found


class DryRuns(APIView):
    """The last dry run of a price list of the key's own sales."""

    right = "price.edit"

    @extend_schema(operation_id="price_lists_dry_run", responses={200: DryRunDetailSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the last dry run; 404 if there is none."""
        state = run_state(_own_list(request, pk), timezone.now())
        run = get_visible_or_404(DryRun.objects, actor_of(request), id=state.run.id if state.run else None)
        run.is_current = state.is_current
        return Response(DryRunDetailSerializer(run).data)

    @extend_schema(operation_id="price_lists_try", request=None, responses={202: DryRunSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Request a dry run of a draft; its job does the work. One that is running is returned."""
        row = _own_list(request, pk)
        run = request_dry_run(price_list_id=row.id, by=actor_of(request), at=timezone.now())
        return Response(DryRunSerializer(run).data, status=202)


class DryRunFindingFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter(label="The code of the check.")
    is_breaking = django_filters.BooleanFilter(label="Whether the finding refuses a publication.")

    class Meta:
        model = DryRunFinding
        fields: list[str] = []


class DryRunFindingList(ListAPIView):
    """List the findings of the last dry run of a price list."""

    right = "price.edit"
    serializer_class = DryRunFindingSerializer
    filterset_class = DryRunFindingFilter
    queryset = DryRunFinding.objects.none()

    def get_queryset(self) -> QuerySet[DryRunFinding]:
        actor = actor_of(self.request)
        runs = DryRun.objects.visible_to(actor).filter(price_list_id=self.kwargs["pk"]).order_by("-id")[:1]
        rows: QuerySet[DryRunFinding] = DryRunFinding.objects.visible_to(actor).filter(
            dry_run__in=list(runs.values_list("id", flat=True))
        )
        return rows.select_related("product", "party")


class Publication(APIView):
    """Publish a draft after its dry run."""

    right = "price.edit"

    @extend_schema(
        operation_id="price_lists_publish",
        request=PublicationSerializer,
        responses={200: PriceListSerializer, 202: ApprovalSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Publish a draft, or request it where a second person approves (202).

        409 without a current dry run. A list of the manufacturer that breaks a guaranteed spread or inverts
        a step of the price ladder needs a reason: 422, `breaking_change`, with what is owed each month.
        """
        body = PublicationSerializer(data=request.data or {})
        body.is_valid(raise_exception=True)
        done = publish_price_list(
            price_list_id=_own_list(request, pk).id,
            by=actor_of(request),
            at=timezone.now(),
            reason=body.validated_data.get("reason", "").strip(),
        )
        if isinstance(done, Approval):
            return waiting_answer(done)
        return Response(PriceListSerializer(done).data)
