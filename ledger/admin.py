"""Admin pages of the ledger: read-only, but for the credit terms of a book."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import actor_of
from approvals.queries import waiting_message
from ledger.models import Account, Book, Entry, Journal, OpenItem, TemporaryCredit
from ledger.operations.receipts import set_credit
from ui.base_admin import TenantAdmin, by_words, hold_back, in_words

POSTINGS = {
    "commitment": _("commitment"),
    "sale": _("sale"),
    "return": _("return"),
    "payment": _("payment"),
    "prepayment": _("prepayment"),
    "prepayment_use": _("prepayment used"),
    "prepayment_refund": _("prepayment refunded"),
    "security_deposit": _("security deposit"),
    "security_deposit_refund": _("security deposit refunded"),
    "security_deposit_forfeit": _("security deposit forfeited"),
    "rebate": _("rebate"),
    "guarantee": _("guarantee"),
    "price_drop": _("price-drop compensation"),
    "reversal": _("reversal"),
}


@admin.register(Book)
class BookAdmin(TenantAdmin):
    view_right, edit_right = "ledger.view", "ledger.post"
    list_display = ("buyer", "seller", "credit_limit", "payment_days", "seq")
    search_fields = ("buyer__code", "buyer__name", "seller__code")
    ordering = ("-id",)
    fields = (
        "seller",
        "buyer",
        "currency",
        "credit_limit",
        "horizon_days",
        "max_overdue_days",
        "payment_days",
    )
    readonly_fields = ("seller", "buyer", "currency")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Book, form: Any, change: bool) -> None:
        waiting = set_credit(
            book_id=obj.id,
            credit_limit=form.cleaned_data["credit_limit"],
            horizon_days=obj.horizon_days,
            max_overdue_days=obj.max_overdue_days,
            payment_days=obj.payment_days,
            by=actor_of(request),
            at=timezone.now(),
        )
        if waiting is not None:
            hold_back(request, waiting_message(waiting))


@admin.register(Account)
class AccountAdmin(TenantAdmin):
    view_right = "ledger.view"
    list_display = ("book", "kind", "balance")
    list_filter = ("kind",)
    list_select_related = ("book__seller", "book__buyer")
    search_fields = ("book__buyer__code",)
    ordering = ("-id",)


@admin.register(Journal)
class JournalAdmin(TenantAdmin):
    view_right = "ledger.view"
    list_display = ("at", "named", "memo", "book", "posted_by", "seq")
    list_select_related = ("book__seller", "book__buyer")
    list_filter = (by_words("kind", _("kind"), POSTINGS),)
    named = in_words("kind", _("kind"), POSTINGS)
    search_fields = ("source", "memo")
    fields = (
        "book",
        "seq",
        "named",
        "source",
        "at",
        "posted_by",
        "memo",
        "reverses",
        "previous",
        "digest",
    )
    readonly_fields = fields
    ordering = ("-id",)


@admin.register(Entry)
class EntryAdmin(TenantAdmin):
    view_right = "ledger.view"
    list_display = ("journal", "account", "amount")
    list_select_related = ("journal", "account__book__seller", "account__book__buyer")
    search_fields = ("journal__source",)
    ordering = ("-id",)


@admin.register(OpenItem)
class OpenItemAdmin(TenantAdmin):
    view_right = "ledger.view"
    list_display = ("due_on", "book", "amount", "settled", "source")
    list_select_related = ("book__seller", "book__buyer")
    search_fields = ("source",)
    ordering = ("due_on", "id")


@admin.register(TemporaryCredit)
class TemporaryCreditAdmin(TenantAdmin):
    view_right = "ledger.view"
    list_display = ("book", "amount", "starts_on", "until", "reason", "granted_by", "ended_at")
    search_fields = ("book__buyer__code", "book__buyer__name")
    ordering = ("-id",)
