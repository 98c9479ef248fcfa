"""API routes of pricing."""

from django.urls import path

from pricing.api.limits import LimitDetail, LimitEnd, LimitList
from pricing.api.views import PriceEntryList, PriceListDetail, PriceListList, Prices, Quotes

urlpatterns = [
    path("limits", LimitList.as_view(), name="api-limits"),
    path("limits/<uuid:pk>", LimitDetail.as_view(), name="api-limit"),
    path("limits/<uuid:pk>/end", LimitEnd.as_view(), name="api-limit-end"),
    path("quotes", Quotes.as_view(), name="api-quotes"),
    path("prices", Prices.as_view(), name="api-prices"),
    path("price-lists", PriceListList.as_view(), name="api-price-lists"),
    path("price-lists/<uuid:pk>", PriceListDetail.as_view(), name="api-price-list"),
    path("price-lists/<uuid:pk>/entries", PriceEntryList.as_view(), name="api-price-entries"),
]
