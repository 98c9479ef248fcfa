"""Read-only pages for orders, shipments, returns and stock in the admin; changes go through operations."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import admin
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from ordering.models import (
    ManualPrice,
    Order,
    OrderLine,
    Return,
    ReturnLine,
    Shipment,
    ShipmentLine,
    Stock,
    StockMovement,
)
from ordering.queries.money_fields import (
    MONEY_OF_A_LINE,
    MONEY_OF_A_RETURN,
    MONEY_OF_A_SHIPMENT,
    MONEY_OF_AN_ORDER,
    PRICES,
)
from ui.base_admin import TenantAdmin, TenantInline, by_words, in_words

MOVEMENTS = {
    "shipment": _("shipment"),
    "receipt": _("receipt"),
    "return": _("return"),
    "count": _("count"),
    "reserve": _("reservation"),
    "cancel": _("cancellation"),
}


class OrderLineInline(TenantInline):
    model = OrderLine
    view_right = "order.view"
    column_rights = dict.fromkeys((*MONEY_OF_A_LINE, "why"), PRICES)
    fields = (
        "position",
        "sku",
        "qty",
        "free_qty",
        "unit_price",
        "per",
        "discount",
        "amount",
        "tax",
        "shipped_qty",
        "delivered_qty",
        "returned_qty",
        "why",
    )
    ordering = ("position",)


class ShipmentLineInline(TenantInline):
    model = ShipmentLine
    view_right = "order.view"
    column_rights = dict.fromkeys(MONEY_OF_A_SHIPMENT, PRICES)
    fields = ("order_line", "qty", "free_qty", "net", "tax")


class ReturnLineInline(TenantInline):
    model = ReturnLine
    view_right = "order.view"
    column_rights = dict.fromkeys(MONEY_OF_A_RETURN, PRICES)
    fk_name = "parent"
    fields = ("product", "qty", "free_qty", "charged_free", "unit_price", "net", "tax")


@admin.register(Order)
class OrderAdmin(TenantAdmin):
    view_right = "order.view"
    column_rights = dict.fromkeys((*MONEY_OF_AN_ORDER, "facts"), PRICES)
    list_display = ("number", "state", "kind", "seller", "buyer", "placed_at", "total", "open_amount")
    list_filter = ("state", "kind")
    search_fields = ("number", "buyer__code", "buyer__name", "source")
    ordering = ("-id",)
    inlines = [OrderLineInline]

    def rows_of_history(self, row: Order) -> Sequence[Model]:
        return [row, *row.shipments.all()]


@admin.register(Shipment)
class ShipmentAdmin(TenantAdmin):
    view_right = "order.view"
    column_rights = dict.fromkeys(MONEY_OF_A_SHIPMENT, PRICES)
    list_display = ("number", "state", "order", "shipped_at", "delivered_at", "signed_by", "amount")
    list_filter = ("state",)
    search_fields = ("number",)
    ordering = ("-id",)
    inlines = [ShipmentLineInline]


@admin.register(Return)
class ReturnAdmin(TenantAdmin):
    view_right = "order.view"
    column_rights = dict.fromkeys(MONEY_OF_A_RETURN, PRICES)
    list_display = ("number", "order", "seller", "buyer", "returned_at", "credit", "reason")
    search_fields = ("number", "buyer__code")
    ordering = ("-id",)
    inlines = [ReturnLineInline]


@admin.register(ManualPrice)
class ManualPriceAdmin(TenantAdmin):
    """Read-only: the prices that the own people set by hand."""

    view_right = "price.view"
    list_display = (
        "order",
        "sku",
        "qty",
        "list_price",
        "price",
        "difference",
        "reason",
        "set_by_name",
        "set_at",
    )
    list_select_related = ("order",)
    search_fields = ("sku", "order__number")
    ordering = ("-id",)


@admin.register(Stock)
class StockAdmin(TenantAdmin):
    view_right = "stock.view"
    list_display = ("party", "product", "on_hand", "safety", "quarantine", "hard", "soft")
    search_fields = ("party__code", "product__sku")
    ordering = ("-id",)


@admin.register(StockMovement)
class StockMovementAdmin(TenantAdmin):
    view_right = "stock.view"
    list_display = ("stock", "named", "qty", "source", "at")
    list_filter = (by_words("kind", _("kind"), MOVEMENTS),)
    list_select_related = ("stock__party", "stock__product")
    named = in_words("kind", _("kind"), MOVEMENTS)
    fields = readonly_fields = ("stock", "named", "qty", "source", "at")
    search_fields = ("source",)
    ordering = ("-id",)
