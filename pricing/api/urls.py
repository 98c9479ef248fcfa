"""API routes of pricing."""

from django.urls import path

from pricing.api.price_book import PriceBookList
from pricing.api.views import PriceEntryList, PriceListDetail, PriceListList, Prices, Quotes
from pricing.api.why import WhyThisPrice

urlpatterns = [
    path("quotes", Quotes.as_view(), name="api-quotes"),
    path("prices", Prices.as_view(), name="api-prices"),
    path("prices/why", WhyThisPrice.as_view(), name="api-prices-why"),
    path("price-book", PriceBookList.as_view(), name="api-price-book"),
    path("price-lists", PriceListList.as_view(), name="api-price-lists"),
    path("price-lists/<uuid:pk>", PriceListDetail.as_view(), name="api-price-list"),
    path("price-lists/<uuid:pk>/entries", PriceEntryList.as_view(), name="api-price-entries"),
]
