from django.utils.translation import gettext_lazy as _

from rebates.audit_actions import GuaranteeAction, ProgramAction, SettlementAction
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
    audit_actions = (ProgramAction, SettlementAction, GuaranteeAction)
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
        NavigationEntry(_("Rebates"), "statements", door="dealer", order=70, right="rebate.view"),
    )
    job_kinds = (
        JobKind("rebates.settle", _("Settlement"), figures_right="rebate.view"),
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
    )
