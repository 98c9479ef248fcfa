"""What ordering registers: navigation, audit actions, notification topics, search, and rights."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import DEALER_ROLES, MEMBER_ROLES, STAFF_ROLES
from ordering.audit_actions import DeliveryPlanAction, OrderAction, StockAction
from ordering.notifications import topics
from tenancy.rooms import (
    ApprovalKind,
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    PriceListCheck,
    Right,
    RoomConfig,
    ScheduledCall,
    SearchNoun,
)

CHECKS = "ordering.queries.price_list_checks"


class OrderingConfig(RoomConfig):
    name = "ordering"
    verbose_name = _("Ordering")
    audit_actions = (OrderAction, StockAction, DeliveryPlanAction)
    price_list_checks = (
        PriceListCheck(
            "replay",
            _("Last year's orders replayed"),
            60,
            f"{CHECKS}.replay.replayed_orders",
            f"{CHECKS}.replay.replay_sentence",
            "history",
        ),
        PriceListCheck(
            "order",
            _("Open orders"),
            70,
            f"{CHECKS}.open_trade.open_orders",
            f"{CHECKS}.open_trade.open_order_sentence",
            "lock",
        ),
        PriceListCheck(
            "cart",
            _("Draft orders with new prices"),
            80,
            f"{CHECKS}.open_trade.open_carts",
            f"{CHECKS}.open_trade.open_cart_sentence",
            "shopping-cart",
        ),
    )
    navigation_groups = (
        NavigationGroup("ordering", _("Ordering"), "shopping-cart", 40),
        NavigationGroup("orders", _("Orders"), "shopping-cart", 45),
    )
    navigation = (
        NavigationEntry(_("Orders"), "orders", door="staff", order=10, right="order.view", group="ordering"),
        NavigationEntry(
            _("Order for a partner"),
            "order-new",
            door="staff",
            order=15,
            right="order.place",
            group="ordering",
        ),
        NavigationEntry(
            _("Price approvals"),
            "price-reviews",
            door="staff",
            order=16,
            right="order.confirm",
            group="ordering",
        ),
        NavigationEntry(
            _("Manual prices"),
            "manual-prices",
            door="staff",
            order=17,
            right="price.view",
            group="ordering",
        ),
        NavigationEntry(
            _("Shipments"), "shipments", door="staff", order=20, right="order.view", group="ordering"
        ),
        NavigationEntry(
            _("Returns"), "returns", door="staff", order=30, right="order.view", group="ordering"
        ),
        NavigationEntry(_("Stock"), "stock", door="staff", order=40, right="stock.view", group="ordering"),
        NavigationEntry(
            _("Delivery windows"),
            "delivery-windows",
            door="staff",
            order=50,
            right="people.edit",
            group="ordering",
        ),
        NavigationEntry(_("Order goods"), "order-new", door="dealer", order=20, right="order.place"),
        NavigationEntry(
            _("Our orders"),
            "orders?side=bought",
            door="dealer",
            order=30,
            right="order.view",
            group="orders",
        ),
        NavigationEntry(
            _("Customers' orders"),
            "orders?side=sold",
            door="dealer",
            order=40,
            right="order.view",
            group="orders",
        ),
        NavigationEntry(
            _("Price approvals"),
            "price-reviews",
            door="dealer",
            order=42,
            right="order.confirm",
            group="orders",
        ),
        NavigationEntry(
            _("Manual prices"),
            "manual-prices",
            door="dealer",
            order=44,
            right="price.view",
            group="orders",
        ),
        NavigationEntry(
            _("Shipments"), "shipments", door="dealer", order=50, right="order.view", group="orders"
        ),
        NavigationEntry(_("Returns"), "returns", door="dealer", order=55, right="order.view", group="orders"),
        NavigationEntry(_("Stock"), "stock", door="dealer", order=60, right="stock.view"),
        NavigationEntry(
            pgettext_lazy("bottom tab", "Order"),
            "member-order",
            door="member",
            order=20,
            right="order.place",
            icon="shopping-cart",
        ),
        NavigationEntry(
            pgettext_lazy("bottom tab", "Outlets"),
            "presale-outlets",
            door="member",
            order=30,
            right="order.view",
            icon="building-store",
        ),
    )
    notification_groups = (NotificationGroup("orders", _("Orders and deliveries"), "shopping-cart", 10),)
    notification_topics = topics.TOPICS
    open_matters_queries = ("ordering.queries.open_matters.open_matters",)
    open_order_queries = ("ordering.queries.orders.open_orders_of_pairs",)
    search_nouns = (
        SearchNoun(
            _("Orders"),
            "shopping-cart",
            right="order.view",
            page="order",
            order=10,
            find="ordering.queries.search.find_orders",
        ),
    )
    schedule = (
        ScheduledCall("ordering.operations.timed_out_receipts.receive_timed_out", every=("hourly",)),
        ScheduledCall("ordering.operations.alliance_figures.hand_down"),
    )
    approval_kinds = (
        ApprovalKind("ordering.review", _("prices of an order"), right="order.confirm", order=80),
    )
    rights = (
        Right("order.view", staff=STAFF_ROLES, dealer=DEALER_ROLES, member=MEMBER_ROLES),
        Right(
            "order.place",
            staff=("director", "sales_rep"),
            dealer=("owner", "purchaser", "sales_rep"),
            member=MEMBER_ROLES,
        ),
        Right(
            "order.confirm",
            staff=("director", "region_manager"),
            dealer=("owner", "purchaser"),
            member=("owner",),
        ),
        Right(
            "order.ship", staff=("director", "warehouse"), dealer=("owner", "warehouse"), member=("owner",)
        ),
        Right("order.override_price", staff=("director",), dealer=("owner",), member=("owner",)),
        Right("order.deliver", dealer=("owner", "purchaser", "warehouse"), member=MEMBER_ROLES),
        Right(
            "order.return",
            staff=("director", "warehouse"),
            dealer=("owner", "purchaser", "warehouse"),
            member=("owner",),
        ),
        Right("stock.view", staff=STAFF_ROLES, dealer=DEALER_ROLES, member=MEMBER_ROLES),
        Right(
            "stock.edit", staff=("director", "warehouse"), dealer=("owner", "warehouse"), member=("owner",)
        ),
    )
