"""Web routes of the ledger."""

from django.urls import path

from accounts.web.permissions import entering
from ledger.web import books, credit, temporary_credit
from ui.web.list_view import list_view

urlpatterns = [
    path("books", entering("ledger.view")(list_view(books.Books)), name="books"),
    path("books/<uuid:book_id>", books.book, name="book"),
    path("books/<uuid:book_id>/credit", credit.credit, name="book-credit"),
    path(
        "books/<uuid:book_id>/temporary-credits",
        temporary_credit.temporary_credits,
        name="book-temporary-credits",
    ),
    path(
        "temporary-credits/<uuid:temporary_credit_id>/end", temporary_credit.end, name="temporary-credit-end"
    ),
    path("books/<uuid:book_id>/held-money", books.held_money, name="book-held-money"),
]
