"""API views of applications and authorisations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import actor_of
from alliance.api.recruitment_serializers import (
    ApplicationDecisionCreateSerializer,
    ApplicationDetailSerializer,
    ApplicationSerializer,
    AuthorisationCreateSerializer,
    AuthorisationRevocationCreateSerializer,
    AuthorisationSerializer,
    AuthorisationVerificationSerializer,
)
from alliance.models import Application, ApplicationDocument, ApplicationEntry, Authorisation
from alliance.operations.authorising import issue_authorisation, revoke_authorisation
from alliance.operations.reviewing import accept, refuse
from alliance.queries.verification import verified_here
from approvals.api.answers import waiting_answer
from approvals.models import Approval
from ui.web.shortcuts import get_visible_or_404

MAX_CODE_CHARACTERS = 40


class ApplicationFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Application.State.choices)
    kind = django_filters.ChoiceFilter(choices=Application.Kind.choices)
    code = django_filters.CharFilter()
    uscc = django_filters.CharFilter(label="The unified social credit code.")

    class Meta:
        model = Application
        fields: list[str] = []


class ApplicationList(ListAPIView):
    """List the applications that the key may see, newest first."""

    right = "recruitment.view"
    serializer_class = ApplicationSerializer
    filterset_class = ApplicationFilter
    queryset = Application.objects.none()

    def get_queryset(self) -> Any:
        return Application.objects.visible_to(actor_of(self.request))


class ApplicationDetail(RetrieveAPIView):
    """Return one application with its qualification, its files (without content) and its timeline."""

    right = "recruitment.view"
    serializer_class = ApplicationDetailSerializer
    queryset = Application.objects.none()

    def get_queryset(self) -> Any:
        return _with_everything(Application.objects.visible_to(actor_of(self.request)))


class ApplicationDecision(APIView):
    """The decision about one application."""

    right = "recruitment.decide"

    @extend_schema(
        operation_id="applications_decide",
        request=ApplicationDecisionCreateSerializer,
        responses={201: ApplicationDetailSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Accept or refuse an application. An acceptance creates its party under the supplier.

        The link of the invitation is not part of the answer: a director sends it.
        """
        body = ApplicationDecisionCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given, by, at = body.validated_data, actor_of(request), timezone.now()
        if given["decision"] == "refuse":
            refuse(application_id=pk, reason=given["reason"], by=by, at=at)
        else:
            accept(
                application_id=pk,
                code=given.get("code", ""),
                supplier_id=given.get("supplier"),
                reason=given["reason"],
                by=by,
                at=at,
            )
        found = _with_everything(Application.objects.visible_to(by)).get(id=pk)
        return Response(ApplicationDetailSerializer(found).data, status=201)


class AuthorisationFilter(django_filters.FilterSet):
    number = django_filters.CharFilter()
    party = django_filters.UUIDFilter(field_name="party_id")

    class Meta:
        model = Authorisation
        fields: list[str] = []


class AuthorisationList(ListAPIView):
    """The authorisations of the key's party, or of the parties that it looks after."""

    rights = {"GET": "authorisation.view", "POST": "authorisation.issue"}
    serializer_class = AuthorisationSerializer
    filterset_class = AuthorisationFilter
    queryset = Authorisation.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Authorisation.objects.visible_to(actor_of(self.request))
        return found

    @extend_schema(request=AuthorisationCreateSerializer, responses={201: AuthorisationSerializer})
    def post(self, request: Request) -> Response:
        """Issue an authorisation to a dealer or member for regions and categories."""
        body = AuthorisationCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        party_id = given.pop("party")
        made = issue_authorisation(party_id=party_id, by=actor_of(request), at=timezone.now(), **given)
        return Response(AuthorisationSerializer(made).data, status=201)


class AuthorisationDetail(RetrieveAPIView):
    """Return one authorisation."""

    right = "authorisation.view"
    serializer_class = AuthorisationSerializer
    queryset = Authorisation.objects.none()

    def get_queryset(self) -> Any:
        return Authorisation.objects.visible_to(actor_of(self.request))


class AuthorisationRevocation(GenericAPIView):
    """The revocation of one authorisation."""

    right = "authorisation.issue"
    serializer_class = AuthorisationSerializer
    queryset = Authorisation.objects.none()

    @extend_schema(
        operation_id="authorisations_revoke",
        request=AuthorisationRevocationCreateSerializer,
        responses={201: AuthorisationSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Revoke an authorisation for a reason, or ask a second person for it."""
        body = AuthorisationRevocationCreateSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        by = actor_of(request)
        get_visible_or_404(Authorisation.objects, by, id=pk)
        reason = body.validated_data["reason"]
        done = revoke_authorisation(authorisation_id=pk, reason=reason, by=by, at=timezone.now())
        if isinstance(done, Approval):
            return waiting_answer(done)
        return Response(AuthorisationSerializer(done).data, status=201)


class AuthorisationVerification(APIView):
    """Whether an authorisation of this tenant holds, by the code on its certificate."""

    right = "authorisation.view"

    @extend_schema(operation_id="authorisations_verify", responses={200: AuthorisationVerificationSerializer})
    def get(self, request: Request, code: str) -> Response:
        """Return valid, expired, revoked, upcoming or unknown, and nothing else."""
        state = verified_here(code[:MAX_CODE_CHARACTERS].upper(), at=timezone.now())
        return Response(AuthorisationVerificationSerializer({"state": state}).data)


def _with_everything(rows: Any) -> Any:
    files = ApplicationDocument.objects.defer("content").order_by("uploaded_at", "id")
    return rows.prefetch_related(
        Prefetch("documents", files),
        Prefetch("entries", ApplicationEntry.objects.order_by("at", "id")),
    )
