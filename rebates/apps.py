from django.utils.translation import gettext_lazy as _

from rebates.audit_actions import GuaranteeAction, PriceDropAction, ProgramAction, SettlementAction
from rebates.notifications import topics
from tenancy.rooms import (
    ApprovalKind,
    JobKind,
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    Right,
    RoomConfig,
    ScheduledCall,
)


class RebatesConfig(RoomConfig):
    name = "rebates"
    verbose_name = _("Rebates")
    audit_actions = (ProgramAction, SettlementAction, GuaranteeAction, PriceDropAction)
    navigation_groups = (NavigationGroup("rebates", _("Rebates"), "receipt-yuan", 60),)
    navigation = (
        NavigationEntry(
            _("Settlements"), "settlements", door="staff", order=10, right="rebate.view", group="rebates"
        ),
        NavigationEntry(
            _("Statements"), "statements", door="staff", order=20, right="rebate.view", group="rebates"
        ),
        NavigationEntry(
            _("Programs"), "programs", door="staff", order=30, right="rebate.view", group="rebates"
        ),
        NavigationEntry(
            _("Price-drop claims"),
            "price-drop-claims",
            door="staff",
            order=40,
            right="price_drop.view",
            group="rebates",
        ),
        NavigationEntry(
            _("Price-drop policy"),
            "price-protection",
            door="staff",
            order=50,
            right="price_drop.policy",
            group="rebates",
        ),
        NavigationEntry(
            _("Statements"), "statements", door="dealer", order=70, right="rebate.view", group="rebates"
        ),
        NavigationEntry(
            _("Price-drop claims"),
            "price-drop-claims",
            door="dealer",
            order=72,
            right="price_drop.view",
            group="rebates",
        ),
        NavigationEntry(
            _("Price-drop policy"),
            "price-protection",
            door="dealer",
            order=73,
            right="price_drop.policy",
            group="rebates",
        ),
    )
    job_kinds = (
        JobKind("rebates.settle", _("Settlement"), figures_right="rebate.view"),
        JobKind("rebates.price_drop", _("Price-drop compensation"), figures_right="price_drop.decide"),
        JobKind("rebates.book_guarantees", _("Guarantees booked"), figures_right="ledger.view"),
    )
    notification_groups = (
        NotificationGroup("money", _("Money and rebates"), "receipt-yuan", 20, by_mail=True),
    )
    notification_topics = topics.TOPICS
    schedule = (
        ScheduledCall("rebates.operations.guarantees.request_last_booking", every=("daily", "monthly")),
        ScheduledCall("rebates.operations.guarantees.book_undisputed"),
        ScheduledCall("rebates.operations.settlement_requests.request_due", every=("daily", "monthly")),
        ScheduledCall("rebates.operations.price_drops.computing.request_due_drops"),
        ScheduledCall("rebates.operations.price_drops.replies.accept_silent"),
    )
    approval_kinds = (
        ApprovalKind(
            "rebates.activate",
            _("rebate program activated"),
            right="rebate.edit",
            order=50,
            apply="rebates.operations.programs.apply_program",
            basis="rebates.operations.programs.program_now",
        ),
        ApprovalKind(
            "rebates.settlement",
            _("settlement"),
            right="rebate.settle",
            order=60,
            apply="rebates.operations.settlement_requests.apply_settlement",
            basis="rebates.operations.settlement_requests.settlement_now",
        ),
        ApprovalKind(
            "rebates.price_drop",
            _("price-drop claim posted"),
            right="price_drop.decide",
            order=65,
            apply="rebates.operations.price_drops.deciding.apply_claim",
            basis="rebates.operations.price_drops.deciding.claim_now",
            page="price-drop-claim",
            is_fixed=True,
        ),
    )
    rights = (
        Right(
            "rebate.view",
            staff=("director", "region_manager", "sales_rep", "finance", "account_manager"),
            dealer=("owner", "finance"),
            member=("owner",),
        ),
        Right("rebate.edit", staff=("director", "finance")),
        Right("rebate.settle", staff=("director", "finance")),
        Right(
            "price_drop.view",
            staff=("director", "region_manager", "sales_rep", "finance", "account_manager"),
            dealer=("owner", "finance"),
            member=("owner",),
        ),
        Right("price_drop.reply", dealer=("owner", "finance"), member=("owner",)),
        Right("price_drop.decide", staff=("director", "finance"), dealer=("owner", "finance")),
        Right("price_drop.policy", staff=("director", "finance"), dealer=("owner",)),
    )
