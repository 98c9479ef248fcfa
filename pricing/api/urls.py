from django.urls import path

from pricing.api.views import PriceEntries, PriceListDetail, PriceLists, Prices, Quotes

urlpatterns = [
    path("quotes", Quotes.as_view(), name="api-quotes"),
    path("prices", Prices.as_view(), name="api-prices"),
    path("price-lists", PriceLists.as_view(), name="api-price-lists"),
    path("price-lists/<uuid:pk>", PriceListDetail.as_view(), name="api-price-list"),
    path("price-lists/<uuid:pk>/entries", PriceEntries.as_view(), name="api-price-entries"),
]
