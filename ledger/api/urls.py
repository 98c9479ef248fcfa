"""API routes of the ledger."""

from django.urls import path

from ledger.api import views, views_temporary

urlpatterns = [
    path("ledger/books", views.BookList.as_view(), name="api-books"),
    path("ledger/accounts", views.AccountList.as_view(), name="api-ledger-accounts"),
    path("ledger/open-items", views.OpenItemList.as_view(), name="api-open-items"),
    path(
        "ledger/temporary-credits", views_temporary.TemporaryCredits.as_view(), name="api-temporary-credits"
    ),
    path(
        "ledger/temporary-credits/<uuid:pk>/end",
        views_temporary.EndTemporaryCredit.as_view(),
        name="api-temporary-credit-end",
    ),
    path("payments", views.Payments.as_view(), name="api-payments"),
]
