"""API views that list balances and open items, and record payments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rights import MANUFACTURER, Actor, actor_of
from approvals.api.answers import waiting_answer
from approvals.api.serializers import ApprovalSerializer
from approvals.models import Approval
from dealers.models import Party
from dealers.queries.traders import named
from kernel.cases import Case, InvalidCase, one_of, price, text
from kernel.refusals import PROBLEM_JSON
from ledger.api.serializers import (
    AccountSerializer,
    BookCreditSerializer,
    OpenItemSerializer,
    PaymentCreateSerializer,
    PaymentKind,
    PaymentSerializer,
    VoucherConflictSerializer,
)
from ledger.models import Account, Book, OpenItem
from ledger.operations.books import open_book
from ledger.operations.posting import NoSuchBook
from ledger.operations.vouchers import receive_voucher
from ledger.queries import position_of, positions_of
from ui.web.typed_filters import DayFilter


class BookCreditFilter(django_filters.FilterSet):
    buyer = django_filters.UUIDFilter(field_name="buyer_id")
    seller = django_filters.UUIDFilter(field_name="seller_id")

    class Meta:
        model = Book
        fields: list[str] = []


class BookList(ListAPIView):
    """The books with what is owed, held and available, as the screens display it."""

    right = "ledger.view"
    serializer_class = BookCreditSerializer
    filterset_class = BookCreditFilter
    queryset = Book.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Book.objects.visible_to(actor_of(self.request))
        return rows

    def paginate_queryset(self, queryset: Any) -> Any:
        """Read the positions of a page at once."""
        rows = super().paginate_queryset(queryset) or []
        positions, today = positions_of([row.id for row in rows]), timezone.localdate()
        for row in rows:
            row.position = positions[row.id]
            credit = row.position.credit(today)
            row.exposure = credit.exposure if credit else None
            row.available_credit = credit.available if credit else None
        return rows


class AccountFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Account.Kind.choices)
    buyer = django_filters.UUIDFilter(field_name="book__buyer_id")
    seller = django_filters.UUIDFilter(field_name="book__seller_id")

    class Meta:
        model = Account
        fields: list[str] = []


class AccountList(ListAPIView):
    right = "ledger.view"
    serializer_class = AccountSerializer
    filterset_class = AccountFilter
    queryset = Account.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = Account.objects.visible_to(actor_of(self.request)).select_related("book")
        return rows


class OpenItemFilter(django_filters.FilterSet):
    buyer = django_filters.UUIDFilter(field_name="book__buyer_id")
    seller = django_filters.UUIDFilter(field_name="book__seller_id")
    due_until = DayFilter(field_name="due_on", lookup_expr="lt")
    settled = django_filters.BooleanFilter(method="by_settled", label="Settled in full.")

    class Meta:
        model = OpenItem
        fields: list[str] = []

    def by_settled(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(settled=F("amount")) if value else rows.exclude(settled=F("amount"))


class OpenItemList(ListAPIView):
    right = "ledger.view"
    serializer_class = OpenItemSerializer
    filterset_class = OpenItemFilter
    queryset = OpenItem.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = OpenItem.objects.visible_to(actor_of(self.request)).select_related("book")
        return rows


class Payments(APIView):
    """Record what a bank voucher or a decision documents.

    A payment settles the oldest open items. A prepayment lowers the exposure, and is used on open items or
    refunded. A security deposit does neither; it is refunded or forfeited. The credit of held orders is
    checked again. An amount above the limit of the tenant is not booked: 202 answers with the approval for
    which it waits.
    """

    right = "ledger.post"

    @extend_schema(
        request=PaymentCreateSerializer,
        responses={
            201: PaymentSerializer,
            202: ApprovalSerializer,
            (409, PROBLEM_JSON): VoucherConflictSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        by = actor_of(request)
        with Case(request.data) as case:
            seller, buyer = case.take("seller", _text_up_to(40), None), case.need("buyer", _text_up_to(40))
            kind = case.take("kind", one_of(*PaymentKind.values), "payment")
            amount, source = case.need("amount", price), case.need("source", _text_up_to(70))
            memo = case.take("memo", _text_up_to(300), "")
        book_id = _book_of(seller, buyer, by)
        posted = receive_voucher(
            book_id=book_id, kind=kind, amount=amount, voucher=source, by=by, at=timezone.now(), memo=memo
        )
        if isinstance(posted, Approval):
            return waiting_answer(posted)
        position = position_of(book_id)
        available = position.available(timezone.localdate())
        body = {
            "journal": str(posted.journal_id),
            "book": str(book_id),
            "receivable": str(position.receivable),
            "unapplied": str(position.unapplied),
            "prepayment": str(position.prepayment),
            "security_deposit": str(position.security_deposit),
            "available_credit": None if available is None else str(available),
            "replayed": not posted.is_new,
        }
        return Response(body, status=201)


def _text_up_to(max_chars: int) -> Any:
    def read(value: object, path: str) -> str:
        found = text(value, path)
        if len(found) > max_chars or not found.isprintable():
            raise InvalidCase(
                "bad_text",
                _("At most %(most)s characters, none of control.") % {"most": max_chars},
                field=path,
            )
        return found

    return read


def _book_of(seller: str | None, buyer: str, by: Actor) -> UUID:
    """Return the book of two parties that the actor may see; open one if they have none."""
    by.must("ledger.post")
    visible = Party.objects.visible_to(by)
    selling = Q(kind=MANUFACTURER) if seller is None else named(seller)
    sells, buys = visible.filter(selling).first(), visible.filter(named(buyer)).first()
    for found, field in ((sells, "seller"), (buys, "buyer")):
        if found is None:
            raise NoSuchBook(_("There is no such party."), field=field)
    if sells == buys:
        raise NoSuchBook(_("Buyer and seller must differ."), field="buyer")
    book = Book.objects.filter(seller=sells, buyer=buys).values_list("id", flat=True).first()
    return book or open_book(seller_id=sells.id, buyer_id=buys.id)
