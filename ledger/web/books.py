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
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rights import Actor, actor_of
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.queries import pending_for, waiting_message
from dealers.models import Party
from dealers.queries.parties import parties_like, visible_parties
from kernel.money import ZERO
from kernel.refusals import Refusal
from ledger.models import Book, Journal
from ledger.operations.vouchers import VoucherConflict, receive_voucher
from ledger.queries import (
    amount_posted,
    overdue_items,
    overdue_of,
    position_of,
    positions_of,
    statements_of_account,
)
from ledger.web.credit_bar import credit_bar
from ledger.web.held_money import HeldMoneyForm, held_statements
from ledger.web.labels import posting_name
from ui.web.filters import RowFilter, YesNoFilter
from ui.web.lists import Column, Empty, ListPage
from ui.web.numbers import grouped
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, DayField

SIDES = (("bought", gettext_lazy("we owe")), ("sold", gettext_lazy("owed to us")))
MAX_PERIOD = timedelta(days=732)
FIRST_DAY = date(2000, 1, 1)


class BookFilter(django_filters.FilterSet):
    party = RowFilter(queryset=visible_parties, method="of_party", label=gettext_lazy("partner"))
    side = django_filters.ChoiceFilter(choices=SIDES, method="of_side", label=gettext_lazy("side"))
    overdue = YesNoFilter(method="of_overdue", label=gettext_lazy("overdue"))

    class Meta:
        model = Book
        fields: ClassVar[list[str]] = []

    def of_party(self, rows: QuerySet[Book], name: str, value: Party) -> QuerySet[Book]:
        return rows.filter(Q(buyer=value) | Q(seller=value))

    def of_side(self, rows: QuerySet[Book], name: str, value: str) -> QuerySet[Book]:
        mine = actor_of(self.request).party_id
        return rows.filter(buyer_id=mine) if value == "bought" else rows.filter(seller_id=mine)

    def of_overdue(self, rows: QuerySet[Book], name: str, value: bool) -> QuerySet[Book]:
        late = Exists(overdue_items(timezone.localdate()).filter(book_id=OuterRef("id")))
        return rows.filter(late if value else ~late)


class Books(ListPage):
    """The list of books. The figures of a page take three statements."""

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
        Column("owed", gettext_lazy("Total owed"), "position__owed", kind="money"),
        Column("overdue", gettext_lazy("Overdue"), kind="money"),
        Column("committed", gettext_lazy("On order"), "position__committed", kind="money"),
        Column("prepayment", gettext_lazy("Prepayment"), "position__prepayment", kind="money"),
        Column(
            "security_deposit",
            gettext_lazy("Security deposit"),
            "position__security_deposit",
            kind="money",
            displayed=False,
        ),
        Column("wallet", gettext_lazy("Wallet"), "position__wallet", kind="money"),
        Column("limit", gettext_lazy("Credit limit"), "credit_limit", kind="money", sort="credit_limit"),
        Column("available", gettext_lazy("Available credit"), "available", kind="money", phone="second"),
    )

    def rows(self) -> QuerySet[Book]:
        found: QuerySet[Book] = Book.objects.visible_to(self.actor).select_related("buyer", "seller")
        return found

    def search(self, rows: QuerySet[Book], typed: str) -> QuerySet[Book]:
        return rows.filter(buyer__in=parties_like(Party.objects.all(), typed))

    def enrich(self, rows: list[Any]) -> None:
        ids, today = [row.id for row in rows], timezone.localdate()
        positions, overdue = positions_of(ids), overdue_of(ids, today)
        for row in rows:
            row.position, row.overdue = positions[row.id], overdue.get(row.id, ZERO)
            row.available = row.position.available(today)

    def href(self, row: Book) -> str:
        return reverse("book", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        return (
            ("warn", _("The credit limit is used up."))
            if row.available is not None and row.available <= 0
            else ("", "")
        )


class PaymentForm(forms.Form):
    what = forms.ChoiceField(
        label=gettext_lazy("Type of receipt"),
        choices=[
            ("payment", gettext_lazy("payment")),
            ("prepayment", gettext_lazy("prepayment")),
            ("security_deposit", gettext_lazy("security deposit")),
        ],
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
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)


def visible_book(actor: Actor, book_id: UUID) -> Book:
    """Return the book, or raise Http404 if it is not visible to the actor."""
    rows = Book.objects.select_related("buyer", "seller")
    found: Book = get_visible_or_404(rows, actor, id=book_id)
    return found


def receipt_content(request: HttpRequest, book_id: UUID) -> dict[str, str]:
    """Return what a sent payment form says, by the labels of its fields."""
    form = PaymentForm(request.POST)
    return {str(field.label): request.POST.get(name, "").strip() for name, field in form.fields.items()}


@entering("ledger.view")
@once(content=receipt_content)
def book(request: ActorRequest, book_id: UUID) -> HttpResponse:
    """Display the statement of account; record money received if the user may post."""
    found = visible_book(request.actor, book_id)
    form = PaymentForm(request.POST or None, auto_id="pay_%s")
    wrong = ""
    if request.method == "POST":
        if not may_receive(found, request.actor):
            raise Http404
        if form.is_valid():
            wrong, waiting = book_voucher(found, form.cleaned_data, request.actor)
            if not wrong:
                is_payment = form.cleaned_data["what"] == "payment"
                settled = _("Payment posted; the oldest items are settled first.")
                messages.success(request, waiting or (settled if is_payment else _("Posted.")))
                return redirect("book", book_id=book_id)
    return book_page(request, found, form=form, wrong=wrong)


@entering("ledger.view")
@once
@require_POST
def held_money(request: ActorRequest, book_id: UUID) -> HttpResponse:
    """Use, refund or forfeit the prepayment or the security deposit."""
    found = visible_book(request.actor, book_id)
    form = None
    if may_receive(found, request.actor):
        form = HeldMoneyForm.offered(position_of(book_id), request.actor, request.POST)
    if form is None:
        raise Http404
    wrong = ""
    if form.is_valid():
        wrong, waiting = book_voucher(found, form.cleaned_data, request.actor)
        if not wrong:
            messages.success(request, waiting or _("Posted."))
            return redirect("book", book_id=book_id)
    return book_page(request, found, held_form=form, wrong=wrong)


def may_receive(book: Book, actor: Actor) -> bool:
    """Only the seller posts what it received."""
    return actor.may("ledger.post") and actor.party_id == book.seller_id


def book_page(
    request: ActorRequest,
    found: Book,
    *,
    form: forms.Form | None = None,
    held_form: HeldMoneyForm | None = None,
    wrong: str = "",
) -> HttpResponse:
    """Render the page of a book, with the form that was refused and the reason."""
    actor, position = request.actor, position_of(found.id)
    is_seller = may_receive(found, actor)
    period = PeriodForm(request.GET)
    since, until = period_of(period)
    zone = timezone.get_current_timezone()
    statements = statements_of_account(
        book_id=found.id,
        since=datetime.combine(since, time(), zone),
        until=datetime.combine(until + timedelta(days=1), time(), zone),
    )
    owed = statements["owed"]
    is_refused = bool(wrong or (form and form.errors) or (held_form and held_form.errors))
    page = {
        "book": found,
        "period": period,
        "waiting": pending_for(found, actor),
        "since": since,
        "until": until,
        "statement": owed,
        "lines": [(line, posting_name(line.kind)) for line in owed.lines],
        "held": held_statements(statements),
        "position": position,
        "overdue": overdue_of([found.id], timezone.localdate()).get(found.id, ZERO),
        "credit": credit_bar([position], timezone.localdate()),
        "form": (form or PaymentForm(auto_id="pay_%s")) if is_seller else None,
        "held_form": (held_form or HeldMoneyForm.offered(position, actor)) if is_seller else None,
        "may_set_credit": is_seller,
        "number": f"{found.seller.code}-{found.buyer.code}-{until:%Y%m%d}",
        "seals": [found.seller.name, found.buyer.name],
        "wrong": wrong,
        "wrong_held": bool(held_form),
    }
    return render(request, "ledger/book.html", page, status=422 if is_refused else 200)


def period_of(form: PeriodForm) -> tuple[date, date]:
    """Return the first and last day typed, at most two years; by default the last 90 days."""
    form.is_valid()
    today = timezone.localdate()
    until = min(max(form.cleaned_data.get("until") or today, FIRST_DAY), today + MAX_PERIOD)
    since = form.cleaned_data.get("since") or until - timedelta(days=90)
    return max(min(since, until), until - MAX_PERIOD), until


def book_voucher(book: Book, typed: dict[str, Any], actor: Actor) -> tuple[str, str]:
    """Book what a form names; return why it is refused or "", and what it waits for or ""."""
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
    message = _("This voucher is booked already, with %(amount)s on %(day)s. Nothing was booked now.")
    amount = grouped(amount_posted(journal.id), 2)
    return message % {"amount": amount, "day": f"{timezone.localtime(journal.at):%Y-%m-%d}"}
