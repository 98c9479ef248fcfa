"""Registration of pricing: navigation, notifications, rights and audit actions."""

from django.utils.translation import gettext_lazy as _

from accounts.rights import MEMBER_ROLES
from pricing.audit_actions import CostAction, LimitAction, PriceListAction, SchemeAction
from pricing.notifications import topics
from tenancy.rooms import (
    ApprovalKind,
    JobKind,
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    PriceListCheck,
    Right,
    RoomConfig,
)

CHECKS, SENTENCES = "pricing.queries.dry_run.checks", "pricing.queries.dry_run.sentences"


class PricingConfig(RoomConfig):
    name = "pricing"
    verbose_name = _("Prices")
    audit_actions = (PriceListAction, SchemeAction, LimitAction, CostAction)
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
            _("Product costs"), "product-costs", door="staff", order=27, right="cost.view", group="prices"
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
    job_kinds = (
        JobKind(
            "pricing.dry_run",
            _("dry run of a price list"),
            figures_right="price.edit",
            result_url="pricing.queries.dry_run.pages.page_of_job",
            is_personal=True,
        ),
        JobKind(
            "pricing.compare_upload",
            _("Comparison of an uploaded price list"),
            result_url="pricing.web.uploads.url_of",
            is_personal=True,
        ),
        JobKind(
            "pricing.apply_upload",
            _("Uploaded prices taken over"),
            result_url="pricing.web.uploads.url_of",
            is_personal=True,
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
    price_list_checks = (
        PriceListCheck(
            "change",
            _("Price changes"),
            10,
            f"{CHECKS}.changed_prices",
            f"{SENTENCES}.change_sentence",
            "arrows-exchange",
        ),
        PriceListCheck(
            "spread",
            _("Guaranteed spreads broken"),
            20,
            f"{CHECKS}.broken_spreads",
            f"{SENTENCES}.spread_sentence",
            "alert-circle",
        ),
        PriceListCheck(
            "ladder",
            _("Price ladder inverted"),
            30,
            f"{CHECKS}.inverted_steps",
            f"{SENTENCES}.ladder_sentence",
            "alert-circle",
        ),
        PriceListCheck(
            "limit",
            _("Limits broken"),
            40,
            f"{CHECKS}.broken_limits",
            f"{SENTENCES}.limit_sentence",
            "shield",
        ),
        PriceListCheck(
            "shadow",
            _("Rows that another list covers"),
            50,
            f"{CHECKS}.shadowed_rows",
            f"{SENTENCES}.shadow_sentence",
            "alert-triangle",
        ),
    )
    rights = (
        Right("price.publish_breaking", staff=("director",)),
        Right(
            "price.view",
            staff=("director", "region_manager", "sales_rep", "finance", "account_manager"),
            dealer=("owner", "purchaser", "finance", "sales_rep"),
            member=MEMBER_ROLES,
        ),
        Right("cost.view", staff=("director", "finance")),
        Right("cost.edit", staff=("director", "finance")),
        Right("price.approve", staff=("director", "finance")),
        Right("price.edit", staff=("director",), dealer=("owner",), member=("owner",)),
    )

    def ready(self) -> None:
        """Register the manufacturer's prices, which the overlap of a planned product compares."""
        super().ready()
        from catalogue.queries import register_list_prices
        from pricing.queries.list_prices import list_prices

        register_list_prices(list_prices)
