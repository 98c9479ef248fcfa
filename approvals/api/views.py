"""API views that list approvals, and approve or reject them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from approvals.api.serializers import ApprovalSerializer, RejectionSerializer
from approvals.models import Approval
from approvals.operations.deciding import approve, reject


class ApprovalFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Approval.State.choices)
    kind = django_filters.CharFilter()

    class Meta:
        model = Approval
        fields: list[str] = []


class _Approvals:
    request: Any
    right = "approval.view"
    serializer_class: Any = ApprovalSerializer
    queryset = Approval.objects.none()

    def get_queryset(self) -> Any:
        rows = Approval.objects.visible_to(actor_of(self.request))
        return rows.select_related("requested_by", "decided_by")


class ApprovalList(_Approvals, ListAPIView):
    """List the changes that the key may approve or has requested, newest first."""

    filterset_class = ApprovalFilter


class ApprovalDetail(_Approvals, RetrieveAPIView):
    """Return a change that waits for a second person, or the decision on it."""


class Approve(APIView):
    """Approve a change that another person requested, and make it. A repeated call changes nothing.

    A key counts as the person who issued it.
    """

    right = "approval.view"

    @extend_schema(operation_id="approvals_approve", request=None, responses={201: ApprovalSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        found = approve(approval_id=pk, by=actor_of(request), at=timezone.now())
        return Response(ApprovalSerializer(found).data, status=201)


class Reject(APIView):
    """Reject a change that another person requested."""

    right = "approval.view"

    @extend_schema(
        operation_id="approvals_reject", request=RejectionSerializer, responses={201: ApprovalSerializer}
    )
    def post(self, request: Request, pk: UUID) -> Response:
        body = RejectionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        reason = body.validated_data["reason"]
        found = reject(approval_id=pk, reason=reason, by=actor_of(request), at=timezone.now())
        return Response(ApprovalSerializer(found).data, status=201)
