"""Serializers of accounts, open items and payments."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ledger.models import Account, OpenItem

Decimals = serializers.CharField


class PaymentKind(TextChoices):
    PAYMENT = "payment", _("payment")
    DEPOSIT = "deposit", _("deposit")


class BookSerializer(serializers.Serializer):
    """The ledger of one seller and one buyer in one currency."""

    id = serializers.UUIDField()
    seller = serializers.UUIDField(source="seller_id")
    buyer = serializers.UUIDField(source="buyer_id")
    currency = serializers.CharField()


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
    """A payment or deposit. `seller` and `buyer` by id or code; without `seller` the manufacturer."""

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
    memo = serializers.CharField(max_length=300, required=False, allow_null=True)


class PaymentSerializer(serializers.Serializer):
    """The journal of a recorded payment, and the balances of the book after it."""

    journal = serializers.UUIDField()
    book = serializers.UUIDField()
    receivable = Decimals()
    unapplied = Decimals()
    deposit = Decimals()
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
