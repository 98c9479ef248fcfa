"""Serializers of accounts, open items and payments."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ledger.models import Account, OpenItem, TemporaryCredit

Decimals = serializers.CharField


class PaymentKind(TextChoices):
    PAYMENT = "payment", _("payment")
    PREPAYMENT = "prepayment", _("prepayment")
    PREPAYMENT_USE = "prepayment_use", _("prepayment used")
    PREPAYMENT_REFUND = "prepayment_refund", _("prepayment refunded")
    SECURITY_DEPOSIT = "security_deposit", _("security deposit")
    SECURITY_DEPOSIT_REFUND = "security_deposit_refund", _("security deposit refunded")
    SECURITY_DEPOSIT_FORFEIT = "security_deposit_forfeit", _("security deposit forfeited")


class BookSerializer(serializers.Serializer):
    """The ledger of one seller and one buyer in one currency."""

    id = serializers.UUIDField()
    seller = serializers.UUIDField(source="seller_id")
    buyer = serializers.UUIDField(source="buyer_id")
    currency = serializers.CharField()


class BookCreditSerializer(BookSerializer):
    """A book with its credit. Available credit is the limit less the exposure; both null without a limit."""

    credit_limit = Decimals(allow_null=True)
    total_owed = Decimals(source="position.owed", help_text="Receivable less receipts that are not applied.")
    ordered = Decimals(source="position.committed", help_text="Ordered and not delivered.")
    prepayment = Decimals(source="position.prepayment", help_text="Lowers the exposure.")
    security_deposit = Decimals(source="position.security_deposit", help_text="Never part of the exposure.")
    wallet = Decimals(source="position.wallet", help_text="Rebates and guarantees that may be spent.")
    exposure = Decimals(allow_null=True)
    available_credit = Decimals(allow_null=True)


class AccountSerializer(serializers.ModelSerializer):
    """An account of a book."""

    book = BookSerializer()
    balance = Decimals(help_text="Positive for debit, negative for credit.")

    class Meta:
        model = Account
        fields = ["id", "book", "kind", "balance"]


class OpenItemSerializer(serializers.ModelSerializer):
    """An amount that is owed; `open` is what is not yet settled."""

    book = BookSerializer()
    amount = Decimals()
    settled = Decimals()
    open = serializers.SerializerMethodField()

    class Meta:
        model = OpenItem
        fields = ["id", "book", "source", "due_on", "amount", "settled", "open"]

    def get_open(self, item: OpenItem) -> str:
        amount, settled = Decimal(str(item.amount)), Decimal(str(item.settled))
        return str(amount - settled)


class PaymentCreateSerializer(serializers.Serializer):
    """What a voucher documents. `seller` and `buyer` by id or code; without `seller` the manufacturer."""

    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=PaymentKind.choices, required=False)
    amount = Decimals(help_text="Positive, at most two decimal places.")
    source = serializers.CharField(
        max_length=70,
        help_text=(
            "The number of the bank voucher, which counts once. The same number with other content is a"
            " source_conflict (409); letters and digits are compared, not case, spaces or dashes."
        ),
    )  # type: ignore[assignment]  # hides Field.source
    memo = serializers.CharField(
        max_length=300, required=False, allow_null=True, help_text="A forfeit needs it: the reason."
    )


class PaymentSerializer(serializers.Serializer):
    """The journal of a recorded payment, and the balances of the book after it."""

    journal = serializers.UUIDField()
    book = serializers.UUIDField()
    receivable = Decimals()
    unapplied = Decimals()
    prepayment = Decimals()
    security_deposit = Decimals()
    available_credit = Decimals(allow_null=True, help_text="Null without a credit limit.")
    replayed = serializers.BooleanField(help_text="Whether the voucher was recorded before.")


class VoucherDifferenceSerializer(serializers.Serializer):
    """A value that differs from the booked voucher."""

    field = serializers.CharField()
    booked = serializers.CharField()
    requested = serializers.CharField()


class VoucherConflictSerializer(serializers.Serializer):
    """A `source_conflict` (409): the voucher is booked with other content. Nothing was booked now."""

    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField()
    journal = serializers.UUIDField(required=False)
    differs = VoucherDifferenceSerializer(many=True, required=False)


class TemporaryCreditSerializer(serializers.ModelSerializer):
    """An amount on top of the credit limit in `[starts_on, until)`."""

    book = BookSerializer()
    amount = Decimals()

    class Meta:
        model = TemporaryCredit
        fields = ["id", "book", "amount", "starts_on", "until", "reason", "granted_by", "ended_at"]


class TemporaryCreditCreateSerializer(serializers.Serializer):
    """What to add to the limit of a book, from its first day to the day after its last."""

    book = serializers.UUIDField()
    amount = Decimals()
    starts_on = serializers.DateField()
    until = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class EmptyBodySerializer(serializers.Serializer):
    """Nothing."""
