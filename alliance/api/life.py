"""API views of a contract's life: sign state, PDF, early end, security deposit and verification."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone, translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from alliance.domain.life import signing_warnings, stage_of
from alliance.models import Contract, Signature
from alliance.models.ending import BY_A_PERSON, EndedBy, EndReason
from alliance.operations.contract_text import PARTIES
from alliance.operations.ending import end_contract
from alliance.operations.printing import print_contract, verification_path
from alliance.queries.contract_verification import verified_contract
from alliance.queries.deposits import deposits_of
from approvals.models import Approval
from ui.web.typed_serializers import DayField

LANGUAGES = ("zh-hans", "zh-hant", "en")


class PartySignatureSerializer(serializers.Serializer):
    """The signature of one side, or null days if it has not signed."""

    role = serializers.ChoiceField(choices=[(role, role) for role in PARTIES])
    party = serializers.UUIDField()
    signed_at = serializers.DateTimeField(allow_null=True)
    method = serializers.CharField(help_text='"click", or the code of a provider of certificates.')
    certificate = serializers.CharField()


class SignStateSerializer(serializers.Serializer):
    """Where a contract stands: its stage by state and dates, its signatures and what to know before."""

    stage = serializers.CharField(help_text="draft, submitted, signed, in_force, expiring or ended.")
    digest = serializers.CharField()
    verification = serializers.CharField(help_text="Path of the public page; empty for a draft.")
    signatures = PartySignatureSerializer(many=True)
    warnings = serializers.ListField(child=serializers.CharField())


class ContractEndSerializer(serializers.Serializer):
    """How a contract ended or ends early."""

    ended_on = serializers.DateField(allow_null=True, help_text="The first day without the contract.")
    end_reason = serializers.CharField()
    end_note = serializers.CharField()
    ended_by_role = serializers.CharField()
    end_notice_on = serializers.DateField(allow_null=True)
    approval = serializers.UUIDField(allow_null=True, help_text="Waits for a second person.")


class ContractEndCreateSerializer(serializers.Serializer):
    """An early end; an end before the notice period is over is recorded as unannounced."""

    ends_on = DayField(help_text="The first day without the contract; today or later.")
    kind = serializers.ChoiceField(choices=[(one.value, one.label) for one in BY_A_PERSON])
    ended_by = serializers.ChoiceField(choices=EndedBy.choices)
    reason = serializers.CharField(max_length=300)


class ContractDepositSerializer(serializers.Serializer):
    """The security deposit of a contract, held by the dealer in the account of the two."""

    agreed = serializers.DecimalField(max_digits=14, decimal_places=2)
    due = serializers.DecimalField(max_digits=14, decimal_places=2)
    received = serializers.DecimalField(max_digits=14, decimal_places=2)
    open = serializers.DecimalField(max_digits=14, decimal_places=2)
    to_return = serializers.DecimalField(max_digits=14, decimal_places=2)
    book = serializers.UUIDField(source="book_id", allow_null=True)


class VerifiedContractSerializer(serializers.Serializer):
    """Whether three parties signed a text; no names, no amounts."""

    signed_by_all = serializers.BooleanField()
    signed_on = serializers.ListField(child=serializers.DateField())


class AnyAccept(DefaultContentNegotiation):
    """Let a client accept application/pdf: the view answers with the file, and refuses in JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class _OfContract(GenericAPIView):
    request: Any
    rights = {"GET": "contract.view", "POST": "contract.edit"}
    serializer_class: Any = SignStateSerializer
    queryset = Contract.objects.none()
    pagination_class = None

    def get_queryset(self) -> Any:
        return Contract.objects.visible_to(actor_of(self.request)).select_related(*PARTIES)

    def contract(self, pk: UUID) -> Contract:
        found: Contract = get_object_or_404(self.get_queryset(), id=pk)
        return found


class SignState(_OfContract):
    """The stage and the signatures of one contract."""

    @extend_schema(operation_id="contracts_sign_state", responses=SignStateSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the stage, who has signed and when, and what a signer is warned of."""
        found = self.contract(pk)
        today = timezone.localdate()
        rows = Signature.objects.filter(contract=found, digest=found.digest) if found.digest else ()
        signed = {row.party_id: row for row in rows}
        waits = found.state in (Contract.State.DRAFT, Contract.State.SUBMITTED)
        differs = bool(found.text and found.proposed_text and found.text != found.proposed_text)
        body = {
            "stage": stage_of(
                state=found.state, starts_on=found.starts_on, until=found.until, today=today
            ).value,
            "digest": found.digest,
            "verification": verification_path(found) if found.digest else "",
            "signatures": [
                _signature(role, getattr(found, f"{role}_id"), signed.get(getattr(found, f"{role}_id")))
                for role in PARTIES
            ],
            "warnings": signing_warnings(
                starts_on=found.starts_on, until=found.until, today=today, differs=differs
            )
            if waits
            else [],
        }
        return Response(SignStateSerializer(body).data)


class Pdf(_OfContract):
    """The printed contract."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="contracts_pdf",
        parameters=[OpenApiParameter("lang", enum=LANGUAGES, description="By default Chinese.")],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: UUID) -> HttpResponse:
        """Return the text with hash and signatures as PDF, in Chinese or English."""
        found = self.contract(pk)
        wanted = request.query_params.get("lang", "")
        language = wanted if wanted in LANGUAGES else translation.get_language() or LANGUAGES[0]
        printed = print_contract(found, language=language)
        return HttpResponse(printed.content, content_type="application/pdf")


class End(_OfContract):
    """The early end of one contract."""

    @extend_schema(operation_id="contracts_end_state", responses=ContractEndSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return how and when the contract ended or ends early."""
        return Response(_end_of(self.contract(pk)))

    @extend_schema(
        operation_id="contracts_end",
        request=ContractEndCreateSerializer,
        responses={200: ContractEndSerializer, 202: ContractEndSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """End an active contract early; a second person approves it."""
        body = ContractEndCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        done = end_contract(
            contract_id=pk, by=actor_of(self.request), at=timezone.now(), **body.validated_data
        )
        if isinstance(done, Approval):
            return Response(_end_of(self.contract(pk), done), status=202)
        return Response(_end_of(done))


class Deposit(_OfContract):
    """The security deposit of one contract."""

    @extend_schema(operation_id="contracts_deposit", responses=ContractDepositSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return what is due, received, open and to be returned. It is booked in the dealer's account."""
        found = self.contract(pk)
        return Response(ContractDepositSerializer(deposits_of([found])[found.id]).data)


class Verification(_OfContract):
    """The verification of a text by the code that its PDF shows."""

    @extend_schema(operation_id="contracts_verify", responses=VerifiedContractSerializer)
    def get(self, request: Request, code: str) -> Response:
        """Return whether three parties signed the text with this code, and on which days."""
        found = verified_contract(code)
        if found is None:
            raise NotFound
        return Response(VerifiedContractSerializer(found).data)


def _signature(role: str, party_id: UUID, row: Signature | None) -> dict[str, Any]:
    return {
        "role": role,
        "party": party_id,
        "signed_at": row.at if row else None,
        "method": row.method if row else "",
        "certificate": row.certificate if row else "",
    }


def _end_of(contract: Contract, waiting: Approval | None = None) -> Any:
    reason = EndReason(contract.end_reason).value if contract.end_reason else ""
    body = {
        "ended_on": contract.ended_on,
        "end_reason": reason,
        "end_note": contract.end_note,
        "ended_by_role": contract.ended_by_role,
        "end_notice_on": contract.end_notice_on,
        "approval": waiting.id if waiting else None,
    }
    return ContractEndSerializer(body).data
