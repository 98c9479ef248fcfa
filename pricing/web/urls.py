"""Web routes of pricing."""

from django.urls import path

from accounts.web.permissions import entering
from pricing.web import (
    copies,
    costs,
    dry_run,
    grid,
    limit_form,
    limits,
    picks,
    price_book,
    price_lists,
    quote,
    schemes,
    uploads,
    why,
)
from pricing.web.dry_run_findings import DryRunFindings
from pricing.web.entries import Entries
from pricing.web.lists import PriceLists, Schemes
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
    path("price-lists/find", picks.find, name="price-find"),
    path("price-lists/<uuid:price_list_id>/edit", price_lists.edit, name="price-list-edit"),
    path("price-lists/<uuid:price_list_id>/dry-run", dry_run.dry_run, name="dry-run"),
    path("price-lists/<uuid:price_list_id>/dry-run/publish", dry_run.publish, name="dry-run-publish"),
    path("price-lists/<uuid:price_list_id>/dry-run/correct", dry_run.correct, name="dry-run-correct"),
    path(
        "price-lists/<uuid:price_list_id>/dry-run/findings",
        for_viewers(list_view(DryRunFindings, template="pricing/dry_run_findings.html")),
        name="dry-run-findings",
    ),
    path("price-lists/<uuid:price_list_id>/prices", grid.grid, name="price-list-grid"),
    path("price-lists/<uuid:price_list_id>/copy", copies.copy, name="price-list-copy"),
    path("price-lists/<uuid:price_list_id>/version", copies.next_version, name="price-list-version"),
    path("price-lists/<uuid:price_list_id>/upload", uploads.upload, name="price-list-upload"),
    path(
        "price-lists/<uuid:price_list_id>/uploads/<uuid:job_id>",
        uploads.comparison,
        name="price-list-comparison",
    ),
    path("price-lists/<uuid:price_list_id>/<slug:action>", price_lists.run_action, name="price-list-action"),
    path(
        "product-costs",
        entering("cost.view")(list_view(costs.ProductCosts, template="pricing/product_costs.html")),
        name="product-costs",
    ),
    path("product-costs/new", costs.edit, name="product-cost-new"),
    path(
        "limits",
        entering("price.edit")(list_view(limits.Limits, template="pricing/limits.html")),
        name="limits",
    ),
    path("limits/new", limit_form.edit, name="limit-new"),
    path("limits/find", limit_form.find, name="limit-find"),
    path("limits/<uuid:limit_id>", limit_form.edit, name="limit"),
    path("limits/<uuid:limit_id>/end", limits.end, name="limit-end"),
    path("schemes", for_viewers(list_view(Schemes, template="pricing/schemes.html")), name="schemes"),
    path("schemes/example", schemes.example, name="scheme-example"),
    path("schemes/new", schemes.edit, name="scheme-new"),
    path("schemes/<uuid:scheme_id>", schemes.scheme, name="scheme"),
    path("schemes/<uuid:scheme_id>/edit", schemes.edit, name="scheme-edit"),
    path("schemes/<uuid:scheme_id>/<slug:action>", schemes.run_action, name="scheme-action"),
]
