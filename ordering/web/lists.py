"""The lists of orders, shipments, returns and stock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import DEALER, MANUFACTURER, actor_of
from catalogue.models import Product
from catalogue.queries import products_like
from dealers.models import Party
from dealers.queries.parties import parties_like, visible_parties
from kernel.search import HAN
from kernel.spelling import folded
from ordering.models import Order, Return, ReturnRequest, Shipment, Stock
from ordering.operations.bulk import run_on_orders
from ordering.operations.confirming import approve_review, confirm_order, release_held
from ordering.web.labels import shipment_badge, state_badge
from ui.web.filters import RowFilter, YesNoFilter
from ui.web.lists import Bulk, Column, Empty, ListPage, Tab
from ui.web.local_names import unit_name
from ui.web.typed_filters import DayRangeFilter

BOUGHT, SOLD, MEMBERS = "bought", "sold", "members"
SIDES = (
    (BOUGHT, gettext_lazy("bought by us")),
    (SOLD, gettext_lazy("sold by us")),
    (MEMBERS, gettext_lazy("sold by our members")),
)
HIGHEST = "\U0010ffff"


class TradeList(ListPage):
    """A list of orders or what belongs to them: `trade` is the path to the two parties."""

    trade: ClassVar[str] = ""
    money: ClassVar[Sequence[str]] = ()

    @property
    def side(self) -> str:
        return self.data.get("side", "")

    def on_side(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the trades on the chosen side of the actor's party; else those that it is a party to.

        The manufacturer's staff also see what others trade. A dealer sees what its members sell only on a
        side of its own, without prices.
        """
        party = self.actor.party_id
        bought, sold = (Q(**{f"{self.trade}{name}_id": party}) for name in ("buyer", "seller"))
        if self.side == MEMBERS and self.actor.party_kind == DEALER:
            return rows.exclude(bought | sold)
        if self.side in (BOUGHT, SOLD):
            return rows.filter(bought if self.side == BOUGHT else sold)
        return rows if self.actor.party_kind == MANUFACTURER else rows.filter(bought | sold)

    def offers(self, column: Column) -> bool:
        return column.key not in self.money or (self.side != MEMBERS and self.actor.may("price.view"))

    @cached_property
    def bulk_actions(self) -> list[Bulk]:
        """Return what a seller may do; a buyer sees no seller's buttons."""
        return [] if self.side in (BOUGHT, MEMBERS) else super().bulk_actions


def _begins(field: str, typed: str) -> Q:
    """Return the condition that a number begins with the text in any spelling: a range of an index."""
    number = folded(typed).upper()
    return Q(**{f"{field}__gte": number, f"{field}__lt": number + HIGHEST})


def each(operation: Callable[..., Any]) -> Callable[[Any, Sequence[Any]], str]:
    """Return a bulk action that runs the operation on all selected orders, or on none."""

    def run(request: Any, rows: Sequence[Any]) -> str:
        numbers = {row.id: row.number for row in rows}
        run_on_orders(operation, orders=numbers, by=request.actor, at=timezone.now())
        return ""

    return run


class SideFilter(django_filters.FilterSet):
    """Choose a side of the trade; only a dealer has members that sell."""

    side = django_filters.ChoiceFilter(choices=SIDES, method="of_side", label=gettext_lazy("side"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor_of(self.request).party_kind != DEALER:
            self.filters["side"].extra["choices"] = [one for one in SIDES if one[0] != MEMBERS]

    def of_side(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows  # TradeList.rows takes the side


class OrderFilter(SideFilter):
    state = django_filters.MultipleChoiceFilter(choices=Order.State.choices, label=gettext_lazy("state"))
    kind = django_filters.ChoiceFilter(choices=Order.Kind.choices, label=gettext_lazy("kind"))
    party = RowFilter(queryset=visible_parties, method="of_party", label=gettext_lazy("partner"))
    placed = DayRangeFilter(field_name="placed_on", label=gettext_lazy("placed on"))
    return_requested = django_filters.BooleanFilter(
        method="of_return_requested", label=gettext_lazy("return requested")
    )

    class Meta:
        model = Order
        fields: ClassVar[list[str]] = []

    def of_party(self, rows: QuerySet[Any], name: str, value: Party) -> QuerySet[Any]:
        return rows.filter(Q(buyer=value) | Q(seller=value))

    def of_return_requested(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        waiting = ReturnRequest.objects.filter(order=OuterRef("id"), state=ReturnRequest.State.REQUESTED)
        return rows.filter(Exists(waiting) if value else ~Exists(waiting))


class Orders(TradeList):
    name = "orders"
    title = gettext_lazy("Orders")
    filters = OrderFilter
    search_hint = gettext_lazy("number, the buyer or its reference")
    tall = True
    empty = Empty(
        gettext_lazy("No orders yet"),
        gettext_lazy("They begin with a basket, or come through the API."),
        "shopping-cart",
        "order-new",
        gettext_lazy("Order goods"),
        "order.place",
    )
    bulk = (
        Bulk("confirm", gettext_lazy("Confirm"), "order.confirm", each(confirm_order), "check"),
        Bulk("approve", gettext_lazy("Approve prices"), "order.confirm", each(approve_review), "gavel"),
        Bulk(
            "release",
            gettext_lazy("Release orders on credit hold"),
            "order.confirm",
            each(release_held),
            "lock-open",
        ),
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("To approve"), "state=review"),
        Tab(gettext_lazy("On credit hold"), "state=held"),
        Tab(gettext_lazy("To confirm"), "state=placed"),
        Tab(gettext_lazy("To ship"), "state=confirmed&state=reserved&state=part_shipped"),
        Tab(gettext_lazy("In transit"), "state=shipped"),
    )
    columns = (
        Column("number", gettext_lazy("Order"), kind="name", sort="number", under="get_kind_display"),
        Column("buyer", gettext_lazy("Buyer"), "buyer__name", under="buyer__code"),
        Column("seller", gettext_lazy("Seller"), "seller__name", under="seller__code", phone="hidden"),
        Column("state", gettext_lazy("State"), lambda row: state_badge(row.state), kind="state"),
        Column("total", gettext_lazy("Total"), kind="money", sort="total"),
        Column("open", gettext_lazy("Not delivered"), "open_amount", kind="money", displayed=False),
        Column("placed_at", gettext_lazy("Placed"), kind="moment", sort="id"),
        Column("window", gettext_lazy("Delivery until"), "window_until", kind="moment", displayed=False),
        Column("due_on", gettext_lazy("Payment due"), kind="day", displayed=False),
        Column("reference", gettext_lazy("Buyer's reference"), displayed=False),
    )

    money = ("total", "open")

    def rows(self) -> QuerySet[Any]:
        return self.on_side(Order.objects.visible_to(self.actor).select_related("buyer", "seller"))

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        """Return the orders whose number begins with the text (an index range), or with that reference.

        A text with Chinese characters is no number: it names the buyer.
        """
        if HAN.search(typed):
            return rows.filter(buyer__in=parties_like(Party.objects.all(), typed))
        return rows.filter(_begins("number", typed)) | rows.filter(reference=typed)

    def href(self, row: Any) -> str:
        return reverse("order", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        if row.state == Order.State.HELD:
            return "bad", _("Credit limit exceeded; a prepayment or a payment releases the order.")
        if row.state == Order.State.REVIEW:
            return "warn", _("Price outside limits; needs approval.")
        return "", ""


class ShipmentFilter(SideFilter):
    state = django_filters.ChoiceFilter(choices=Shipment.State.choices, label=gettext_lazy("state"))
    delivered = DayRangeFilter(field_name="delivered_on", label=gettext_lazy("delivered on"))

    class Meta:
        model = Shipment
        fields: ClassVar[list[str]] = []


class Shipments(TradeList):
    name = "shipments"
    title = gettext_lazy("Shipments")
    filters = ShipmentFilter
    search_hint = gettext_lazy("number")
    tall = True
    empty = Empty(
        gettext_lazy("No shipments yet"), gettext_lazy("They begin at a confirmed order."), "truck-delivery"
    )
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("In transit"), "state=shipped"),
        Tab(gettext_lazy("Delivered"), "state=delivered"),
    )
    columns = (
        Column("number", gettext_lazy("Shipment"), kind="name", sort="number", under="order__number"),
        Column("buyer", gettext_lazy("Buyer"), "order__buyer__name", under="order__buyer__code"),
        Column(
            "seller",
            gettext_lazy("Seller"),
            "order__seller__name",
            under="order__seller__code",
            phone="hidden",
        ),
        Column("state", gettext_lazy("State"), lambda row: shipment_badge(row.state), kind="state"),
        Column("amount", gettext_lazy("Amount"), kind="money", sort="amount"),
        Column("shipped_at", gettext_lazy("Shipped"), kind="moment", sort="id"),
        Column("delivered_at", gettext_lazy("Delivered"), kind="moment"),
        Column("signed_by", gettext_lazy("Signed by"), displayed=False),
    )

    trade, money = "order__", ("amount",)

    def rows(self) -> QuerySet[Any]:
        rows = Shipment.objects.visible_to(self.actor)
        return self.on_side(rows.select_related("order", "order__buyer", "order__seller"))

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        return rows.filter(_begins("number", typed))

    def href(self, row: Any) -> str:
        return reverse("shipment", args=[row.id])


class ReturnFilter(django_filters.FilterSet):
    returned = DayRangeFilter(field_name="returned_on", label=gettext_lazy("returned on"))

    class Meta:
        model = Return
        fields: ClassVar[list[str]] = []


class Returns(TradeList):
    name = "returns"
    title = gettext_lazy("Returns")
    filters = ReturnFilter
    search_hint = gettext_lazy("number")
    tall = True
    empty = Empty(
        gettext_lazy("No returns"),
        gettext_lazy("A return begins at the delivered order that it comes from."),
        "arrow-back-up",
    )
    columns = (
        Column("number", gettext_lazy("Return"), kind="name", sort="number", under="reason"),
        Column("buyer", gettext_lazy("Buyer"), "buyer__name", under="buyer__code"),
        Column("seller", gettext_lazy("Seller"), "seller__name", under="seller__code", phone="hidden"),
        Column("credit", gettext_lazy("Credited"), kind="money", sort="credit"),
        Column("returned_at", gettext_lazy("Returned"), kind="moment", sort="id"),
    )

    money = ("credit",)

    def rows(self) -> QuerySet[Any]:
        return self.on_side(Return.objects.visible_to(self.actor).select_related("buyer", "seller"))

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        return rows.filter(_begins("number", typed))

    def href(self, row: Any) -> str:
        return reverse("return", args=[row.id])


LEFT = F("on_hand") - F("safety") - F("quarantine") - F("hard") - F("soft")


class StockFilter(django_filters.FilterSet):
    short = YesNoFilter(method="of_short", label=gettext_lazy("nothing available to sell"))

    class Meta:
        model = Stock
        fields: ClassVar[list[str]] = []

    def of_short(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(left__lte=0) if value else rows.filter(left__gt=0)


class Stocks(ListPage):
    name = "stock"
    title = gettext_lazy("Stock")
    filters = StockFilter
    order = "product__sku"
    search_hint = gettext_lazy("SKU, name, pinyin, initials or barcode")
    tall = True
    empty = Empty(
        gettext_lazy("No stock is tracked here"), gettext_lazy("Deliveries and counts fill it."), "box"
    )
    tabs = (Tab(gettext_lazy("All")), Tab(gettext_lazy("Sold out"), "short=true"))
    columns = (
        Column(
            "sku",
            gettext_lazy("Product"),
            "product__name",
            kind="name",
            sort="product__sku",
            under="product__sku",
            exported="product__sku",
        ),
        Column("party", gettext_lazy("Warehouse"), "party__name", under="party__code"),
        Column("on_hand", gettext_lazy("On hand"), kind="whole", sort="on_hand"),
        Column("hard", gettext_lazy("Reserved"), kind="whole"),
        Column("soft", gettext_lazy("Promised"), kind="whole"),
        Column("safety", gettext_lazy("Safety"), kind="whole", displayed=False),
        Column("quarantine", gettext_lazy("Quarantine"), kind="whole", displayed=False),
        Column(
            "left",
            gettext_lazy("Available to sell"),
            kind="whole",
            sort="left",
            under=lambda row: unit_name(row.product.base_unit),
            phone="figure",
        ),
    )

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Stock.objects.visible_to(self.actor).select_related("product", "party")
        return found.annotate(left=LEFT)

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        return rows.filter(product__in=products_like(Product.objects.all(), typed))

    def offers(self, column: Column) -> bool:
        return column.key != "party" or self.actor.party_kind == MANUFACTURER

    def mood(self, row: Any) -> tuple[str, str]:
        return ("bad", _("Nothing is available to sell.")) if row.left <= 0 else ("", "")
