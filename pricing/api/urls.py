"""API routes of pricing."""

from django.urls import path

from pricing.api.dry_run import DryRunFindingList, DryRuns, Publication
from pricing.api.limits import LimitDetail, LimitEnd, LimitList
from pricing.api.list_views import (
    PriceEntryList,
    PriceListCopy,
    PriceListDetail,
    PriceListList,
    PriceListVersions,
)
from pricing.api.price_book import PriceBookList
from pricing.api.scheme_views import (
    SchemeDetail,
    SchemeList,
    SchemePublish,
    SchemeVersions,
    SchemeWithdraw,
)
from pricing.api.views import Prices, Quotes
from pricing.api.why import WhyThisPrice

urlpatterns = [
    path("schemes", SchemeList.as_view(), name="api-schemes"),
    path("schemes/<uuid:pk>", SchemeDetail.as_view(), name="api-scheme"),
    path("schemes/<uuid:pk>/publish", SchemePublish.as_view(), name="api-scheme-publish"),
    path("schemes/<uuid:pk>/withdraw", SchemeWithdraw.as_view(), name="api-scheme-withdraw"),
    path("schemes/<uuid:pk>/version", SchemeVersions.as_view(), name="api-scheme-version"),
    path("limits", LimitList.as_view(), name="api-limits"),
    path("limits/<uuid:pk>", LimitDetail.as_view(), name="api-limit"),
    path("limits/<uuid:pk>/end", LimitEnd.as_view(), name="api-limit-end"),
    path("quotes", Quotes.as_view(), name="api-quotes"),
    path("prices", Prices.as_view(), name="api-prices"),
    path("prices/why", WhyThisPrice.as_view(), name="api-prices-why"),
    path("price-book", PriceBookList.as_view(), name="api-price-book"),
    path("price-lists", PriceListList.as_view(), name="api-price-lists"),
    path("price-lists/<uuid:pk>", PriceListDetail.as_view(), name="api-price-list"),
    path("price-lists/<uuid:pk>/dry-run", DryRuns.as_view(), name="api-dry-run"),
    path(
        "price-lists/<uuid:pk>/dry-run/findings",
        DryRunFindingList.as_view(),
        name="api-dry-run-findings",
    ),
    path("price-lists/<uuid:pk>/publish", Publication.as_view(), name="api-price-list-publish"),
    path("price-lists/<uuid:pk>/entries", PriceEntryList.as_view(), name="api-price-entries"),
    path("price-lists/<uuid:pk>/copies", PriceListCopy.as_view(), name="api-price-list-copies"),
    path("price-lists/<uuid:pk>/versions", PriceListVersions.as_view(), name="api-price-list-versions"),
]
