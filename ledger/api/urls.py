"""API routes of the ledger."""

from django.urls import path

from ledger.api import views

urlpatterns = [
    path("ledger/books", views.BookList.as_view(), name="api-books"),
    path("ledger/accounts", views.AccountList.as_view(), name="api-ledger-accounts"),
    path("ledger/open-items", views.OpenItemList.as_view(), name="api-open-items"),
    path("payments", views.Payments.as_view(), name="api-payments"),
]
