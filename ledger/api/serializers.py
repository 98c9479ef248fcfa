from __future__ import annotations

from decimal import Decimal

from rest_framework import serializers

from ledger.models import Account, OpenItem

Decimals = serializers.CharField


class BookSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    seller = serializers.UUIDField(source="seller_id")
    buyer = serializers.UUIDField(source="buyer_id")
    currency = serializers.CharField()


class AccountSerializer(serializers.ModelSerializer):
    book = BookSerializer()
    balance = Decimals(help_text="debit positive, credit negative")

    class Meta:
        model = Account
        fields = ["id", "book", "kind", "balance"]


class OpenItemSerializer(serializers.ModelSerializer):
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


class AskedPaymentSerializer(serializers.Serializer):
    """`seller` and `buyer` by id or code; the manufacturer sells where none is named."""

    seller = serializers.CharField(max_length=40, required=False, allow_null=True)
    buyer = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=["payment", "deposit"], required=False)
    amount = Decimals(help_text="positive, in whole cents")
    source = serializers.CharField(max_length=70, help_text="its number outside; received once")  # type: ignore[assignment]
    memo = serializers.CharField(max_length=300, required=False, allow_null=True)


class PaymentSerializer(serializers.Serializer):
    journal = serializers.UUIDField()
    book = serializers.UUIDField()
    receivable = Decimals()
    unapplied = Decimals()
    deposit = Decimals()
