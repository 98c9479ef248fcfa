from django.urls import path

from dealers.api.views import PartyDetail, PartyList

urlpatterns = [
    path("parties", PartyList.as_view(), name="api-parties"),
    path("parties/<uuid:pk>", PartyDetail.as_view(), name="api-party"),
]
