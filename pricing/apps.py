"""Registration of pricing: navigation, notifications, rights and audit actions."""

from django.utils.translation import gettext_lazy as _

from accounts.rights import MEMBER_ROLES
from pricing.audit_actions import LimitAction, PriceListAction, SchemeAction
from pricing.notifications import topics
from tenancy.rooms import ApprovalKind, NavigationEntry, NavigationGroup, NotificationGroup, Right, RoomConfig


class PricingConfig(RoomConfig):
    name = "pricing"
    verbose_name = _("Prices")
    audit_actions = (PriceListAction, SchemeAction, LimitAction)
    navigation_groups = (NavigationGroup("prices", _("Prices"), "tag", 30),)
    navigation = (
        NavigationEntry(
            _("Price lists"), "price-lists", door="staff", order=10, right="price.view", group="prices"
        ),
        NavigationEntry(_("Schemes"), "schemes", door="staff", order=20, right="price.view", group="prices"),
        NavigationEntry(
            _("Price limits"), "limits", door="staff", order=25, right="price.edit", group="prices"
        ),
        NavigationEntry(
            _("Price enquiry"), "quote", door="staff", order=30, right="price.view", group="prices"
        ),
        NavigationEntry(
            _("Price books"), "price-book-buyers", door="staff", order=28, right="price.view", group="prices"
        ),
        NavigationEntry(
            _("My prices"), "price-book", door="dealer", order=61, right="price.view", group="prices"
        ),
        NavigationEntry(
            _("Price lists"), "price-lists", door="dealer", order=62, right="price.view", group="prices"
        ),
        NavigationEntry(_("Schemes"), "schemes", door="dealer", order=63, right="price.view", group="prices"),
        NavigationEntry(
            _("Price limits"), "limits", door="dealer", order=64, right="price.edit", group="prices"
        ),
        NavigationEntry(
            _("Price enquiry"), "quote", door="dealer", order=65, right="price.view", group="prices"
        ),
    )
    notification_groups = (NotificationGroup("prices", _("Prices and schemes"), "tag", 40),)
    notification_topics = topics.TOPICS
    approval_kinds = (
        ApprovalKind(
            "pricing.publish_list",
            _("price list published"),
            right="price.approve",
            order=30,
            apply="pricing.operations.price_lists.apply_list",
            basis="pricing.operations.publishing.list_now",
            page="price-list",
        ),
        ApprovalKind(
            "pricing.publish_scheme",
            _("scheme published"),
            right="price.approve",
            order=40,
            apply="pricing.operations.schemes.apply_scheme",
            basis="pricing.operations.publishing.scheme_now",
            page="scheme",
        ),
    )
    rights = (
        Right(
            "price.view",
            staff=("director", "region_manager", "sales_rep", "finance", "account_manager"),
            dealer=("owner", "purchaser", "finance", "sales_rep"),
            member=MEMBER_ROLES,
        ),
        Right("price.approve", staff=("director", "finance")),
        Right("price.edit", staff=("director",), dealer=("owner",), member=("owner",)),
    )

    def ready(self) -> None:
        """Register the manufacturer's prices, which the overlap of a planned product compares."""
        super().ready()
        from catalogue.queries import register_list_prices
        from pricing.queries.list_prices import list_prices

        register_list_prices(list_prices)
