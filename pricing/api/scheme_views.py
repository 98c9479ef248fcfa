"""API views that list, draft, change, publish and withdraw schemes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rights import actor_of
from approvals.api.answers import waiting_answer
from approvals.api.serializers import ApprovalSerializer
from approvals.models import Approval
from pricing.api.scheme_serializers import (
    SchemeCreateSerializer,
    SchemePublishSerializer,
    SchemeSerializer,
    SchemeUpdateSerializer,
)
from pricing.models import Scheme
from pricing.operations.schemes import (
    draft_scheme,
    edit_scheme,
    new_version,
    publish_scheme,
    withdraw_scheme,
)


class SchemeFilter(django_filters.FilterSet):
    seller = django_filters.UUIDFilter(field_name="seller_id")
    code = django_filters.CharFilter()
    state = django_filters.ChoiceFilter(choices=Scheme.State.choices)
    kind = django_filters.ChoiceFilter(choices=Scheme.Kind.choices)

    class Meta:
        model = Scheme
        fields: list[str] = []


class _Schemes(GenericAPIView):
    rights = {"GET": "price.view", "POST": "price.edit", "PATCH": "price.edit"}
    serializer_class: Any = SchemeSerializer
    queryset = Scheme.objects.none()

    def get_queryset(self) -> Any:
        return Scheme.objects.visible_to(actor_of(self.request)).prefetch_related("budgets")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "party": actor_of(self.request).party_id}

    def answer(self, scheme_id: UUID, status: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(id=scheme_id)).data, status=status)

    def own(self, pk: UUID) -> Scheme:
        rows = self.get_queryset().filter(seller_id=actor_of(self.request).party_id)
        found: Scheme = get_object_or_404(rows, id=pk)
        return found


class SchemeList(ListModelMixin, _Schemes):
    """List the schemes of the key's party as seller and those it buys at, or draft one."""

    filterset_class = SchemeFilter

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.list(request, *args, **kwargs)

    @extend_schema(request=SchemeCreateSerializer, responses={201: SchemeSerializer})
    def post(self, request: Request) -> Response:
        """Draft a scheme of the key's own sales."""
        body = SchemeCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        by = actor_of(request)
        scheme = Scheme(seller_id=by.party_id, **body.validated_data)  # type: ignore[misc]  # a key acts for a party
        return self.answer(draft_scheme(scheme=scheme, by=by, at=timezone.now()).id, 201)


class SchemeDetail(RetrieveModelMixin, _Schemes):
    """One scheme."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.retrieve(request, *args, **kwargs)

    @extend_schema(request=SchemeUpdateSerializer, responses={200: SchemeSerializer})
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change the given fields of a draft."""
        body = SchemeUpdateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        with transaction.atomic():
            scheme = Scheme.objects.select_for_update().get(id=self.own(pk).id)
            for name, value in body.validated_data.items():
                setattr(scheme, name, value)
            edit_scheme(scheme=scheme, by=actor_of(request), at=timezone.now())
        return self.answer(pk)


class SchemePublish(_Schemes):
    @extend_schema(
        operation_id="schemes_publish",
        request=SchemePublishSerializer,
        responses={200: SchemeSerializer, 202: ApprovalSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Publish a draft. Schemes that meet it must be acknowledged; 202 if a second person approves it."""
        body = SchemePublishSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        known = body.validated_data["acknowledged"]
        by = actor_of(request)
        made = publish_scheme(scheme_id=self.own(pk).id, acknowledged=known, by=by, at=timezone.now())
        if isinstance(made, Approval):
            return waiting_answer(made)
        return self.answer(made.id)


class SchemeWithdraw(_Schemes):
    @extend_schema(operation_id="schemes_withdraw", request=None, responses={200: SchemeSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Withdraw a published scheme; orders placed with it stay as they are."""
        made = withdraw_scheme(scheme_id=self.own(pk).id, by=actor_of(request), at=timezone.now())
        return self.answer(made.id)


class SchemeVersions(_Schemes):
    @extend_schema(operation_id="schemes_version", request=None, responses={201: SchemeSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Draft the next version of a scheme, with the same terms."""
        made = new_version(scheme_id=self.own(pk).id, by=actor_of(request), at=timezone.now())
        return self.answer(made.id, 201)
