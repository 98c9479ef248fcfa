from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from alliance.api.serializers import (
    AskedSignatureSerializer,
    AskedVersionSerializer,
    ContractDetailSerializer,
    ContractSerializer,
    EvidenceSerializer,
)
from alliance.models import Contract, ContractArea, Evidence, GuaranteeMonth, Signature, SpreadTerm
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.signing import sign_contract
from alliance.operations.versions import draft_next_version


class ContractFilter(django_filters.FilterSet):
    code = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=Contract.State.choices)
    dealer = django_filters.UUIDFilter(field_name="dealer_id")
    member = django_filters.UUIDFilter(field_name="member_id")
    on = django_filters.DateFilter(method="in_force", label="active on the day")

    class Meta:
        model = Contract
        fields: list[str] = []

    def in_force(self, rows: QuerySet[Contract], name: str, value: Any) -> QuerySet[Contract]:
        return rows.filter(state=Contract.State.ACTIVE, starts_on__lte=value, until__gt=value)


class _Contracts:
    request: Any
    rights = {"GET": "contract.view", "POST": "contract.sign"}
    serializer_class: Any = ContractSerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Contract.objects.none()
        return Contract.objects.visible_to(actor_of(self.request))


class Contracts(_Contracts, ListAPIView):
    """The tri-party contracts that the key's party has a part in, newest first."""

    filterset_class = ContractFilter


class ContractDetail(_Contracts, RetrieveAPIView):
    """One contract with its promises, signatures and what each guarantee came to, month by month."""

    serializer_class = ContractDetailSerializer

    def get_queryset(self) -> Any:
        return _with_everything(super().get_queryset())


class Signatures(_Contracts, GenericAPIView):
    """The key's party signs."""

    @extend_schema(request=AskedSignatureSerializer, responses={201: ContractDetailSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Signs the text with this digest; the third party's signature makes the contract active."""
        asked = AskedSignatureSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        digest = asked.validated_data["digest"]
        sign_contract(contract_id=pk, digest=digest, by=actor_of(self.request), at=timezone.now())
        signed = _with_everything(self.get_queryset()).get(id=pk)
        return Response(ContractDetailSerializer(signed).data, status=201)


class Versions(_Contracts, GenericAPIView):
    """The versions of one contract; a next one is a draft with the promises of the one in force."""

    rights = {"GET": "contract.view", "POST": "contract.edit"}

    @extend_schema(responses={200: ContractSerializer(many=True)})
    def get(self, request: Request, pk: UUID) -> Response:
        """All versions of this contract's code that the key's party may see, the newest first."""
        found = get_object_or_404(self.get_queryset(), id=pk)
        rows = self.get_queryset().filter(code=found.code).order_by("-version")
        return Response(ContractSerializer(rows, many=True).data)

    @extend_schema(request=AskedVersionSerializer, responses={201: ContractDetailSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Drafts the next version of an active contract; signed by the three it takes its place."""
        asked = AskedVersionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = draft_next_version(
            contract_id=pk, by=actor_of(self.request), at=timezone.now(), **asked.validated_data
        )
        drafted = _with_everything(self.get_queryset()).get(id=made.id)
        return Response(ContractDetailSerializer(drafted).data, status=201)


class EvidenceFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=GuaranteeKind.choices)
    kept = django_filters.BooleanFilter()
    since = django_filters.DateFilter(field_name="on", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="on", lookup_expr="lt")

    class Meta:
        model = Evidence
        fields: list[str] = []


class EvidenceList(ListAPIView):
    """What the guarantees of one contract were measured by, newest first."""

    right = "contract.view"
    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilter

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Evidence.objects.none()
        return Evidence.objects.visible_to(actor_of(self.request)).filter(contract_id=self.kwargs["pk"])


def _with_everything(rows: Any) -> Any:
    return rows.prefetch_related(
        Prefetch(
            "areas",
            ContractArea.objects.select_related("category", "region").order_by("category__code", "region"),
        ),
        Prefetch("spreads", SpreadTerm.objects.select_related("product").order_by("product__sku")),
        Prefetch("signatures", Signature.objects.order_by("at")),
        Prefetch("months", GuaranteeMonth.objects.order_by("month", "kind")),
    )
