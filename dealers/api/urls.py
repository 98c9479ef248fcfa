"""API routes of parties and scorecards."""

from django.urls import path

from dealers.api.scorecards import ScorecardDetail, ScorecardList
from dealers.api.views import PartyDetail, PartyList

urlpatterns = [
    path("parties", PartyList.as_view(), name="api-parties"),
    path("parties/<uuid:pk>", PartyDetail.as_view(), name="api-party"),
    path("scorecards", ScorecardList.as_view(), name="api-scorecards"),
    path("scorecards/<uuid:pk>", ScorecardDetail.as_view(), name="api-scorecard"),
]
