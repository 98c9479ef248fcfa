"""API views that list contracts and evidence, sign a contract and draft its next version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from alliance.api.draft_serializers import ContractDraftCreateSerializer
from alliance.api.draft_views import create_draft
from alliance.api.prefetches import with_everything
from alliance.api.serializers import (
    ContractDetailSerializer,
    ContractSerializer,
    ContractSignatureCreateSerializer,
    ContractVersionCreateSerializer,
    EvidenceSerializer,
)
from alliance.models import Contract, Evidence
from alliance.models.guarantee import GuaranteeKind
from alliance.operations.signing import sign_contract
from alliance.operations.versions import draft_next_version
from ui.web.typed_filters import DayFilter


class ContractFilter(django_filters.FilterSet):
    code = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=Contract.State.choices)
    dealer = django_filters.UUIDFilter(field_name="dealer_id")
    member = django_filters.UUIDFilter(field_name="member_id")
    on = DayFilter(method="in_force", label="Active on this date.")

    class Meta:
        model = Contract
        fields: list[str] = []

    def in_force(self, rows: QuerySet[Contract], name: str, value: Any) -> QuerySet[Contract]:
        return rows.filter(state=Contract.State.ACTIVE, starts_on__lte=value, until__gt=value)


class _Contracts:
    request: Any
    rights = {"GET": "contract.view", "POST": "contract.sign"}
    serializer_class: Any = ContractSerializer
    queryset = Contract.objects.none()

    def get_queryset(self) -> Any:
        return Contract.objects.visible_to(actor_of(self.request))


class ContractList(_Contracts, ListAPIView):
    """List the three-party contracts of which the key's party is one, newest first."""

    rights = {"GET": "contract.view", "POST": "contract.propose"}
    filterset_class = ContractFilter

    @extend_schema(
        operation_id="contracts_draft",
        request=ContractDraftCreateSerializer,
        responses={201: ContractDetailSerializer},
    )
    def post(self, request: Request) -> Response:
        """Draft a contract with all of its terms. A dealer's key proposes it to the manufacturer."""
        body = ContractDraftCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return create_draft(self.request, body)


class ContractDetail(_Contracts, RetrieveAPIView):
    """Return one contract with its terms, its signatures and the result of each guarantee by month."""

    serializer_class = ContractDetailSerializer

    def get_queryset(self) -> Any:
        return with_everything(super().get_queryset())


class Signatures(_Contracts, GenericAPIView):
    """The signatures of one contract."""

    @extend_schema(
        operation_id="contracts_sign",
        request=ContractSignatureCreateSerializer,
        responses={201: ContractDetailSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Sign the text that has this digest; the signature of the third party makes the contract active."""
        body = ContractSignatureCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        digest = body.validated_data["digest"]
        sign_contract(contract_id=pk, digest=digest, by=actor_of(self.request), at=timezone.now())
        signed = with_everything(self.get_queryset()).get(id=pk)
        return Response(ContractDetailSerializer(signed).data, status=201)


class Versions(_Contracts, GenericAPIView):
    """The versions of one contract."""

    rights = {"GET": "contract.view", "POST": "contract.edit"}

    @extend_schema(responses={200: ContractSerializer(many=True)})
    def get(self, request: Request, pk: UUID) -> Response:
        """List the versions of a contract that the key's party may see, newest first."""
        found = get_object_or_404(self.get_queryset(), id=pk)
        rows = self.get_queryset().filter(code=found.code).order_by("-version")
        return Response(ContractSerializer(rows, many=True).data)

    @extend_schema(request=ContractVersionCreateSerializer, responses={201: ContractDetailSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Draft the next version of an active contract, with the same terms.

        It replaces the active version once all three parties have signed it.
        """
        body = ContractVersionCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        made = draft_next_version(
            contract_id=pk, by=actor_of(self.request), at=timezone.now(), **body.validated_data
        )
        drafted = with_everything(self.get_queryset()).get(id=made.id)
        return Response(ContractDetailSerializer(drafted).data, status=201)


class EvidenceFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=GuaranteeKind.choices)
    fulfilled = django_filters.BooleanFilter()
    since = DayFilter(field_name="on", lookup_expr="gte")
    until = DayFilter(field_name="on", lookup_expr="lt")

    class Meta:
        model = Evidence
        fields: list[str] = []


class EvidenceList(ListAPIView):
    """List the facts by which the guarantees of one contract were measured, newest first."""

    right = "contract.view"
    serializer_class = EvidenceSerializer
    filterset_class = EvidenceFilter
    queryset = Evidence.objects.none()

    def get_queryset(self) -> Any:
        return Evidence.objects.visible_to(actor_of(self.request)).filter(contract_id=self.kwargs["pk"])
