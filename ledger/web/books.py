"""The list of books, and the page of one book: statement of account, balances and payment form."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.queries import waiting_message
from dealers.models import Party
from dealers.queries.parties import parties_like, visible_parties
from kernel.money import ZERO
from kernel.refusals import Refusal
from ledger.models import Account, Book, Entry, Journal
from ledger.operations.vouchers import VoucherConflict, receive_voucher
from ledger.queries import Position, balances_of, position_of, statement_of_account
from ledger.web.labels import posting_name
from ui.web.components import Part, Split, hundredths
from ui.web.filters import RowFilter
from ui.web.lists import Column, Empty, ListPage
from ui.web.numbers import grouped
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField

Kind = Account.Kind
MAX_PERIOD = timedelta(days=732)
FIRST_DAY = date(2000, 1, 1)


class BookFilter(django_filters.FilterSet):
    party = RowFilter(queryset=visible_parties, method="of_party", label=gettext_lazy("partner"))

    class Meta:
        model = Book
        fields: ClassVar[list[str]] = []

    def of_party(self, rows: QuerySet[Book], name: str, value: Party) -> QuerySet[Book]:
        return rows.filter(Q(buyer=value) | Q(seller=value))


class Books(ListPage):
    """The list of books. The balances of a page take one statement."""

    name = "books"
    title = gettext_lazy("Accounts")
    filters = BookFilter
    search_hint = gettext_lazy("name, pinyin initials, code, phone")
    order = "id"
    tall = True
    empty = Empty(
        gettext_lazy("No account yet"),
        gettext_lazy("The first order between two parties opens it."),
        "book-2",
    )
    columns = (
        Column("buyer", gettext_lazy("Buyer"), "buyer__name", kind="name", under="buyer__code"),
        Column("seller", gettext_lazy("Seller"), "seller__name", under="seller__code"),
        Column("owed", gettext_lazy("Total owed"), lambda row: row.owed, kind="money"),
        Column("committed", gettext_lazy("On order"), lambda row: row.committed, kind="money"),
        Column("wallet", gettext_lazy("Wallet"), lambda row: row.wallet, kind="money"),
        Column("limit", gettext_lazy("Credit limit"), "credit_limit", kind="money", sort="credit_limit"),
        Column("left", gettext_lazy("Available credit"), lambda row: row.left, kind="money", phone="second"),
    )

    def rows(self) -> QuerySet[Book]:
        found: QuerySet[Book] = Book.objects.visible_to(self.actor).select_related("buyer", "seller")
        return found

    def search(self, rows: QuerySet[Book], typed: str) -> QuerySet[Book]:
        return rows.filter(buyer__in=parties_like(Party.objects.all(), typed))

    def enrich(self, rows: list[Any]) -> None:
        balances = balances_of([row.id for row in rows])
        for row in rows:
            found = balances.get(row.id, {})
            row.owed = owed_of(found)
            row.committed = found.get(Kind.COMMITTED, ZERO)
            row.wallet = wallet_of(found)
            row.left = left_of(row.credit_limit, found)

    def href(self, row: Book) -> str:
        return reverse("book", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        return (
            ("warn", _("The credit limit is used up."))
            if row.left is not None and row.left <= 0
            else ("", "")
        )


def owed_of(balances: dict[str, Decimal]) -> Decimal:
    """Return the receivable less unapplied receipts."""
    return balances.get(Kind.RECEIVABLE, ZERO) + balances.get(Kind.UNAPPLIED, ZERO)


def left_of(limit: Decimal | None, balances: dict[str, Decimal]) -> Decimal | None:
    """Return what is left of the limit, deposits counted as received; None without a limit."""
    if limit is None:
        return None
    used = owed_of(balances) + balances.get(Kind.DEPOSIT, ZERO) + balances.get(Kind.COMMITTED, ZERO)
    return limit - used


def wallet_of(balances: dict[str, Decimal]) -> Decimal:
    """Return what the buyer may spend from its wallets, which have credit balances."""
    return -balances.get(Kind.REBATE_WALLET, ZERO) - balances.get(Kind.GUARANTEE_WALLET, ZERO)


class PaymentForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("Type of receipt"),
        choices=[("payment", gettext_lazy("payment")), ("deposit", gettext_lazy("deposit"))],
        widget=forms.RadioSelect,
        initial="payment",
    )
    amount = AmountField(label=gettext_lazy("Amount"), min_value=Decimal("0.01"))
    voucher = forms.CharField(
        label=gettext_lazy("Bank voucher"),
        max_length=70,
        help_text=gettext_lazy("The bank's reference of the payment; each is posted once."),
    )
    memo = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


class PeriodForm(forms.Form):
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)


def visible_book(actor: Actor, book_id: UUID) -> Book:
    """Return the book, or raise Http404 if it is not visible to the actor."""
    rows = Book.objects.select_related("buyer", "seller")
    found: Book = get_visible_or_404(rows, actor, id=book_id)
    return found


def payment_content(request: HttpRequest, book_id: UUID) -> dict[str, str]:
    """Return what a sent payment form says, by the labels of its fields."""
    form = PaymentForm(request.POST)
    return {str(field.label): request.POST.get(name, "").strip() for name, field in form.fields.items()}


@entering("ledger.view")
@once(content=payment_content)
def book(request: ActorRequest, book_id: UUID) -> HttpResponse:
    """Display the statement of account; record a payment if the user may post."""
    actor = request.actor
    found = visible_book(actor, book_id)
    may_receive = actor.may("ledger.post") and actor.party_id == found.seller_id
    form = PaymentForm(request.POST or None, auto_id="pay_%s")
    wrong = ""
    if request.method == "POST":
        if not may_receive:
            raise Http404
        if form.is_valid():
            wrong, waiting = _receive(found, form.cleaned_data, actor)
            if not wrong:
                booked = _("Payment posted; the oldest items are settled first.")
                messages.success(request, waiting or booked)
                return redirect("book", book_id=book_id)
    since, until = period_of(request)
    zone = timezone.get_current_timezone()
    statement = statement_of_account(
        book_id=book_id,
        since=datetime.combine(since, time(), zone),
        until=datetime.combine(until + timedelta(days=1), time(), zone),
    )
    balances = balances_of([book_id]).get(book_id, {})
    page = {
        "book": found,
        "since": since,
        "until": until,
        "statement": statement,
        "lines": [(line, posting_name(line.kind)) for line in statement.lines],
        "owed": owed_of(balances),
        "wallet": wallet_of(balances),
        "deposit": -balances.get(Kind.DEPOSIT, ZERO),
        "credit": credit_of(position_of(book_id)),
        "form": form if may_receive else None,
        "may_set_credit": may_receive,
        "number": f"{found.seller.code}-{found.buyer.code}-{until:%Y%m%d}",
        "seals": [found.seller.name, found.buyer.name],
        "wrong": wrong,
    }
    return render(request, "ledger/book.html", page, status=422 if wrong or form.errors else 200)


def period_of(request: HttpRequest) -> tuple[date, date]:
    """Return the first and last day requested, at most two years; by default the last 90 days."""
    form = PeriodForm(request.GET)
    form.is_valid()
    today = timezone.localdate()
    until = min(max(form.cleaned_data.get("until") or today, FIRST_DAY), today + MAX_PERIOD)
    since = form.cleaned_data.get("since") or until - timedelta(days=90)
    return max(min(since, until), until - MAX_PERIOD), until


def _receive(book: Book, typed: dict[str, Any], actor: Actor) -> tuple[str, str]:
    """Record what was received; return why it is refused or "", and what it waits for or ""."""
    try:
        with transaction.atomic():
            posted = receive_voucher(
                book_id=book.id,
                kind=typed["what"],
                amount=typed["amount"],
                voucher=typed["voucher"],
                by=actor,
                at=timezone.now(),
                memo=typed["memo"],
            )
    except VoucherConflict as conflict:
        return _booked_before(conflict, book), ""
    except Refusal as refusal:
        return refusal.message, ""
    return "", waiting_message(posted) if isinstance(posted, Approval) else ""


def _booked_before(conflict: VoucherConflict, book: Book) -> str:
    """Say how the voucher is booked; the amount only of this account."""
    journal = Journal.objects.filter(id=conflict.details.get("journal")).first()
    if journal is None or journal.book_id != book.id:
        return _("This voucher is booked already, on another account. Nothing was booked now.")
    cash = Entry.objects.get(journal=journal, account__kind=Account.Kind.CASH)
    message = _("This voucher is booked already, with %(amount)s on %(day)s. Nothing was booked now.")
    return message % {"amount": grouped(cash.amount, 2), "day": f"{timezone.localtime(journal.at):%Y-%m-%d}"}


def credit_of(position: Position) -> Split | None:
    """Return the bar of what is owed, on order and left of the limit; None without a limit."""
    if position.limit is None:
        return None
    owed = position.receivable - position.unapplied - position.deposit
    used, ordered = hundredths(owed, position.limit), hundredths(position.committed, position.limit)
    left = position.limit - owed - position.committed
    return Split(
        title=_("Available credit"),
        value=grouped(left, 2),
        parts=[
            Part("used", "0", used, pgettext("credit", "owed")),
            Part("main", used, ordered, _("ordered")),
        ],
        note=_("credit limit %(limit)s") % {"limit": grouped(position.limit, 2)},
    )
