"""Web routes of pricing."""

from django.urls import path

from accounts.web.permissions import entering
from pricing.web import limits, price_book, price_lists, quote, schemes, why
from pricing.web.lists import Entries, PriceLists, Schemes
from ui.web.list_view import list_view

for_viewers = entering("price.view")
LISTS = "pricing/price_lists.html"

urlpatterns = [
    path("prices/why", why.price_why, name="price-why"),
    path(
        "prices/book",
        for_viewers(list_view(price_book.PriceBook, template="pricing/price_book.html")),
        name="price-book",
    ),
    path(
        "prices/book/<uuid:party_id>",
        for_viewers(list_view(price_book.PriceBook, template="pricing/price_book.html")),
        name="price-book-of",
    ),
    path("prices/books", for_viewers(list_view(price_book.PriceBookBuyers)), name="price-book-buyers"),
    path("quote", quote.quote, name="quote"),
    path(
        "price-lists",
        for_viewers(list_view(PriceLists, template="pricing/price_lists.html")),
        name="price-lists",
    ),
    path("price-lists/new", price_lists.edit, name="price-list-new"),
    path(
        "price-lists/<uuid:price_list_id>",
        for_viewers(list_view(Entries, template="pricing/price_list.html")),
        name="price-list",
    ),
    path("price-lists/<uuid:price_list_id>/edit", price_lists.edit, name="price-list-edit"),
    path("price-lists/<uuid:price_list_id>/<slug:action>", price_lists.run_action, name="price-list-action"),
    path(
        "limits",
        entering("price.edit")(list_view(limits.Limits, template="pricing/limits.html")),
        name="limits",
    ),
    path("limits/new", limits.edit, name="limit-new"),
    path("limits/<uuid:limit_id>", limits.edit, name="limit"),
    path("limits/<uuid:limit_id>/end", limits.end, name="limit-end"),
    path("schemes", for_viewers(list_view(Schemes, template="pricing/schemes.html")), name="schemes"),
    path("schemes/new", schemes.edit, name="scheme-new"),
    path("schemes/<uuid:scheme_id>", schemes.scheme, name="scheme"),
    path("schemes/<uuid:scheme_id>/edit", schemes.edit, name="scheme-edit"),
    path("schemes/<uuid:scheme_id>/<slug:action>", schemes.run_action, name="scheme-action"),
]
