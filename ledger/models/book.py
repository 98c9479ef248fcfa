"""Models of the ledger: books, accounts, journals, entries and open items.

Each pair of seller and buyer has its own book, so that no two pairs wait for the same lock.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, SYSTEM, Actor
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class BookQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> BookQuerySet:
        """Return the books that the actor may see.

        Staff see all books, or those of the buyers in their territory; a partner sees the books in which
        it sells or buys.
        """
        if not actor.may("ledger.view"):
            return self.none()
        if actor.role == SYSTEM:
            return self.all()
        if actor.party_kind == MANUFACTURER:
            if actor.role not in TERRITORY_ROLES:
                return self.all()
            return self.filter(buyer__in=Party.objects.visible_to(actor))
        return self.filter(models.Q(seller_id=actor.party_id) | models.Q(buyer_id=actor.party_id))


class OfBookQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfBookQuerySet:
        """Return the rows of the books that the actor may see."""
        return self.filter(book__in=Book.objects.visible_to(actor))


class EntryQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> EntryQuerySet:
        return self.filter(account__book__in=Book.objects.visible_to(actor))


def _money(name: Any, **kwargs: Any) -> models.DecimalField[object, object]:
    return models.DecimalField(name, max_digits=18, decimal_places=2, **kwargs)


class Book(TenantModel):
    """The ledger of what one buyer owes one seller and may spend. A posting locks its row.

    `seq` and `head` are the number and the digest of the last journal: the end of the hash chain that
    `manage.py verify_ledger` checks. `orders` counts the buyer's orders.
    """

    seller = TenantForeignKey(Party, related_name="books_as_seller", verbose_name=_("seller"))
    buyer = TenantForeignKey(Party, related_name="books_as_buyer", verbose_name=_("buyer"))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    credit_limit = _money(_("credit limit"), null=True, blank=True)
    horizon_days = models.PositiveIntegerField(_("horizon in days"), null=True, blank=True)
    max_overdue_days = models.PositiveIntegerField(_("days overdue at most"), null=True, blank=True)
    payment_days = models.PositiveIntegerField(_("payment terms (days)"), default=30)
    orders = models.PositiveBigIntegerField(_("orders"), default=0, editable=False)
    seq = models.PositiveBigIntegerField(_("postings"), default=0, editable=False)
    head = models.CharField(
        _("hash of the last posting"), max_length=64, default="", blank=True, editable=False
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(BookQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("book")
        verbose_name_plural = _("books")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "buyer", "seller"], name="book_once"),
            models.CheckConstraint(condition=models.Q(credit_limit__gte=0), name="book_credit_limit"),
            models.CheckConstraint(condition=~models.Q(seller=models.F("buyer")), name="book_two_parties"),
        ]
        indexes = [models.Index(fields=["tenant", "seller"], name="book_by_seller")]

    def __str__(self) -> str:
        return f"{self.seller} → {self.buyer}"


class Account(TenantModel):
    """An account of a book; its balance is the sum of its entries. Debit is positive, credit negative."""

    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", _("receivable")
        UNAPPLIED = "unapplied", _("receipts not applied")
        CASH = "cash", _("payments received")
        PREPAYMENT = "prepayment", _("prepayment")
        SECURITY_DEPOSIT = "security_deposit", _("security deposit")
        FORFEITED = "forfeited", _("forfeited security deposits")
        SALES = "sales", _("sales")
        TAX = "tax", _("tax")
        COMMITTED = "committed", _("ordered, not delivered")
        COMMITMENT = "commitment", _("commitment")
        REBATE_EXPENSE = "rebate_expense", _("rebate expense")
        REBATE_WALLET = "rebate_wallet", _("rebate wallet")
        GUARANTEE_EXPENSE = "guarantee_expense", _("guarantee expense")
        GUARANTEE_WALLET = "guarantee_wallet", _("guarantees owed")

    book = TenantForeignKey(Book, related_name="accounts", verbose_name=_("book"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    balance = _money(_("balance"), default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfBookQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(fields=["tenant", "book", "kind"], name="account_once")]

    def __str__(self) -> str:
        return f"{self.book} · {self.get_kind_display()}"


class Journal(TenantModel):
    """One posting: entries that sum to zero, from a source that is posted once."""

    book = TenantForeignKey(Book, related_name="journals", verbose_name=_("book"))
    seq = models.PositiveBigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=30)
    source = models.CharField(_("source"), max_length=120)
    at = models.DateTimeField(_("at"))
    posted_by = models.CharField(_("posted by"), max_length=200, blank=True)
    memo = models.CharField(_("memo"), max_length=300, blank=True)
    reverses = TenantForeignKey("self", null=True, related_name="+", verbose_name=_("reverses"))
    previous = models.CharField(_("hash of the one before"), max_length=64, blank=True)
    digest = models.CharField(_("hash"), max_length=64)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfBookQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source"], name="journal_source_once"),
            models.UniqueConstraint(fields=["tenant", "book", "seq"], name="journal_seq"),
        ]

    def __str__(self) -> str:
        return self.memo or f"№ {self.seq}"


class Entry(TenantModel):
    journal = TenantForeignKey(Journal, related_name="entries", verbose_name=_("posting"))
    account = TenantForeignKey(Account, related_name="entries", verbose_name=_("account"))
    amount = _money(_("amount"))

    objects: ClassVar[Any] = TenantManager.from_queryset(EntryQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(fields=["tenant", "account"], name="entry_by_account"),
            models.Index(fields=["tenant", "journal"], name="entry_by_journal"),
        ]

    def __str__(self) -> str:
        return f"{self.account.get_kind_display()} {self.amount}"


class OpenItem(TenantModel):
    """A receivable with its due day. Payments settle the oldest items first."""

    book = TenantForeignKey(Book, related_name="open_items", verbose_name=_("book"))
    journal = TenantForeignKey(Journal, related_name="+", verbose_name=_("posting"))
    source = models.CharField(_("source"), max_length=120)
    due_on = models.DateField(_("due on"))
    amount = _money(_("amount"))
    settled = _money(_("settled"), default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfBookQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        constraints = [models.UniqueConstraint(fields=["tenant", "source"], name="open_item_source")]
        indexes = [
            models.Index(
                fields=["tenant", "book", "due_on"],
                include=["amount", "settled"],
                condition=~models.Q(settled=models.F("amount")),
                name="open_item_unsettled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.due_on}"
