"""API views of drafts, templates and the comparison of versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import MANUFACTURER, Actor, actor_of
from alliance.api.draft_serializers import (
    ContractChangeSerializer,
    ContractDraftCreateSerializer,
    ContractDraftReplaceSerializer,
    ContractDraftSerializer,
    ContractTemplateSerializer,
)
from alliance.api.prefetches import with_everything
from alliance.api.serializers import ContractDetailSerializer
from alliance.domain.comparison import changes
from alliance.models import Contract, ContractTemplate
from alliance.operations.contract_text import text_of
from alliance.operations.draft_revision import Revision, revise_contract
from alliance.operations.drafting import draft_contract
from alliance.operations.proposals import propose_contract
from alliance.operations.signing import submit_contract
from alliance.operations.stored_terms import COPIED
from dealers.models import Party


def _visible(request: Any) -> Any:
    return Contract.objects.visible_to(actor_of(request))


def _answer(request: Any, contract_id: UUID, status: int) -> Response:
    found = with_everything(_visible(request)).get(id=contract_id)
    return Response(ContractDetailSerializer(found).data, status=status)


def fill(contract: Contract, body: ContractDraftSerializer, by: Actor) -> Revision:
    """Return the draft of a body; what the body leaves out gets its default."""
    given = body.validated_data
    contract.manufacturer_id = Party.objects.filter(kind=MANUFACTURER).values_list("id", flat=True).first()
    contract.dealer_id = given.get("dealer", by.party_id)
    contract.member_id = given["member"]
    contract.starts_on, contract.until = given["starts_on"], given["until"]
    meta: Any = Contract._meta
    for name in COPIED:
        default = meta.get_field(name).get_default()
        value = given.get(name)
        setattr(contract, name, default if value is None else value)
    return Revision(contract, body.new_areas(), body.new_spreads(), body.new_terms())


class ContractDraft(GenericAPIView):
    """The draft of one contract."""

    rights = {"PUT": "contract.propose"}
    serializer_class = ContractDetailSerializer
    queryset = Contract.objects.none()

    @extend_schema(
        operation_id="contracts_replace_draft",
        request=ContractDraftReplaceSerializer,
        responses={200: ContractDetailSerializer},
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Replace a draft with all of its terms; a dealer replaces its own proposal only.

        409 with the present `version` if the draft is no longer the one that was read.
        """
        body = ContractDraftReplaceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        found = get_object_or_404(_visible(self.request), id=pk)
        by = actor_of(self.request)
        version = body.validated_data["draft_version"]
        with transaction.atomic():
            revision = fill(found, body, by)
            revise_contract(revision=revision, version=version, by=by, at=timezone.now())
        return _answer(self.request, pk, 200)


class ContractSubmission(GenericAPIView):
    """The submission of one draft."""

    right = "contract.edit"
    serializer_class = ContractDetailSerializer
    queryset = Contract.objects.none()

    @extend_schema(operation_id="contracts_submit", request=None, responses={200: ContractDetailSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Freeze the text of a draft for the three signatures."""
        submit_contract(contract_id=pk, by=actor_of(self.request), at=timezone.now())
        return _answer(self.request, pk, 200)


class ContractComparison(GenericAPIView):
    """The comparison of two versions of one contract."""

    right = "contract.view"
    serializer_class = ContractChangeSerializer
    queryset = Contract.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="contracts_compare",
        parameters=[OpenApiParameter("with", UUID, required=True, description="The other version's id.")],
        responses={200: ContractChangeSerializer(many=True)},
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """Return what the later of two versions changed, clause by clause."""
        visible = _visible(self.request)
        one = get_object_or_404(visible, id=pk)
        other = get_object_or_404(visible.filter(code=one.code), id=request.query_params.get("with"))
        old, new = sorted([one, other], key=lambda contract: contract.version)
        found = changes(old.text or text_of(old), new.text or text_of(new))
        return Response(ContractChangeSerializer(found, many=True).data)


class ContractTemplateList(ListAPIView):
    """List the manufacturer's contract templates by name."""

    filterset_class = None

    right = "contract.edit"
    serializer_class = ContractTemplateSerializer
    queryset = ContractTemplate.objects.none()

    def get_queryset(self) -> Any:
        return ContractTemplate.objects.visible_to(actor_of(self.request))


def create_draft(request: Request, body: ContractDraftCreateSerializer) -> Response:
    """Draft a contract, or propose it for a dealer's key."""
    by = actor_of(request)
    save = draft_contract if by.may("contract.edit") else propose_contract
    with transaction.atomic():
        revision = fill(Contract(code=body.validated_data["code"]), body, by)
        made = save(
            contract=revision.contract,
            areas=revision.areas,
            spreads=revision.spreads,
            terms=revision.terms,
            by=by,
            at=timezone.now(),
        )
    return _answer(request, made.id, 201)
