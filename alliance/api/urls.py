"""API routes of the alliance."""

from django.urls import path

from alliance.api.regions import ConcernedContracts, RegionChangeList, RegionMapView, Remapping
from alliance.api.views import ContractDetail, ContractList, EvidenceList, Signatures, Versions

urlpatterns = [
    path("contracts", ContractList.as_view(), name="api-contracts"),
    path("contracts/<uuid:pk>", ContractDetail.as_view(), name="api-contract"),
    path("contracts/<uuid:pk>/signatures", Signatures.as_view(), name="api-contract-signatures"),
    path("contracts/<uuid:pk>/versions", Versions.as_view(), name="api-contract-versions"),
    path("contracts/<uuid:pk>/evidence", EvidenceList.as_view(), name="api-contract-evidence"),
    path("contracts/<uuid:pk>/remap", Remapping.as_view(), name="api-contract-remap"),
    path("regions/map", RegionMapView.as_view(), name="api-region-map"),
    path("regions/changes", RegionChangeList.as_view(), name="api-region-changes"),
    path("regions/changes/contracts", ConcernedContracts.as_view(), name="api-region-change-contracts"),
]
