"""Registration of the ledger: navigation, rights and audit actions."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from ledger.audit_actions import BookAction, JournalAction
from tenancy.rooms import ApprovalKind, NavigationEntry, NavigationGroup, Right, RoomConfig, ScheduledCall


class LedgerConfig(RoomConfig):
    name = "ledger"
    verbose_name = _("Ledger")
    audit_actions = (BookAction, JournalAction)
    navigation_groups = (NavigationGroup("ledger", _("Ledger"), "book-2", 50),)
    navigation = (
        NavigationEntry(_("Accounts"), "books", door="staff", order=10, right="ledger.view", group="ledger"),
        NavigationEntry(_("Accounts"), "books", door="dealer", order=80, right="ledger.view"),
    )
    schedule = (ScheduledCall("ledger.operations.temporary_credit.announce_begun", every=("daily",)),)
    approval_kinds = (
        ApprovalKind(
            "ledger.credit",
            _("credit terms"),
            right="ledger.post",
            order=10,
            apply="ledger.operations.credit_terms.apply_credit",
            basis="ledger.operations.credit_terms.credit_now",
            page="book",
            has_amount=True,
        ),
        ApprovalKind(
            "ledger.payment",
            _("payment recorded by hand"),
            right="ledger.post",
            order=20,
            apply="ledger.operations.vouchers.apply_voucher",
            basis="ledger.operations.vouchers.voucher_now",
            page="book",
            has_amount=True,
            above=Decimal(100_000),
        ),
        ApprovalKind(
            "ledger.temporary_credit",
            _("temporary credit"),
            right="ledger.post",
            order=15,
            apply="ledger.operations.temporary_credit.apply_temporary_credit",
            basis="ledger.operations.temporary_credit.temporary_credit_now",
            page="book",
            has_amount=True,
        ),
    )
    open_matters_queries = ("ledger.queries.open_matters",)
    rights = (
        Right(
            "ledger.view",
            staff=("director", "region_manager", "finance", "account_manager"),
            dealer=("owner", "finance"),
            member=("owner",),
        ),
        Right("ledger.post", staff=("director", "finance"), dealer=("owner", "finance"), member=("owner",)),
        Right("ledger.forfeit", staff=("director",), dealer=("owner",), member=("owner",)),
    )
