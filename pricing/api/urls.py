"""API routes of pricing."""

from django.urls import path

from pricing.api.scheme_views import (
    SchemeDetail,
    SchemeList,
    SchemePublish,
    SchemeVersions,
    SchemeWithdraw,
)
from pricing.api.views import PriceEntryList, PriceListDetail, PriceListList, Prices, Quotes

urlpatterns = [
    path("schemes", SchemeList.as_view(), name="api-schemes"),
    path("schemes/<uuid:pk>", SchemeDetail.as_view(), name="api-scheme"),
    path("schemes/<uuid:pk>/publish", SchemePublish.as_view(), name="api-scheme-publish"),
    path("schemes/<uuid:pk>/withdraw", SchemeWithdraw.as_view(), name="api-scheme-withdraw"),
    path("schemes/<uuid:pk>/version", SchemeVersions.as_view(), name="api-scheme-version"),
    path("quotes", Quotes.as_view(), name="api-quotes"),
    path("prices", Prices.as_view(), name="api-prices"),
    path("price-lists", PriceListList.as_view(), name="api-price-lists"),
    path("price-lists/<uuid:pk>", PriceListDetail.as_view(), name="api-price-list"),
    path("price-lists/<uuid:pk>/entries", PriceEntryList.as_view(), name="api-price-entries"),
]
