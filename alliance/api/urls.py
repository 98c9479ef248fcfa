"""API routes of the alliance."""

from django.urls import path

from alliance.api.recruitment import (
    ApplicationDecision,
    ApplicationDetail,
    ApplicationList,
    AuthorisationDetail,
    AuthorisationList,
    AuthorisationRevocation,
    AuthorisationVerification,
)
from alliance.api.views import ContractDetail, ContractList, EvidenceList, Signatures, Versions

urlpatterns = [
    path("contracts", ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:pk>", ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:pk>/signatures", Signatures.as_view(), name="api-contract-signatures"),
    path("contracts/<uuid:pk>/versions", Versions.as_view(), name="api-contract-versions"),
    path("contracts/<uuid:pk>/evidence", EvidenceList.as_view(), name="api-contract-evidence"),
    path("applications", ApplicationList.as_view(), name="api-applications"),
    path("applications/<uuid:pk>", ApplicationDetail.as_view(), name="api-application"),
    path("applications/<uuid:pk>/decision", ApplicationDecision.as_view(), name="api-application-decision"),
    path("authorisations", AuthorisationList.as_view(), name="api-authorisations"),
    path("authorisations/<uuid:pk>", AuthorisationDetail.as_view(), name="api-authorisation"),
    path(
        "authorisations/<uuid:pk>/revocation",
        AuthorisationRevocation.as_view(),
        name="api-authorisation-revocation",
    ),
    path(
        "authorisations/verification/<slug:code>",
        AuthorisationVerification.as_view(),
        name="api-authorisation-verification",
    ),
]
