"""Registration of the room."""

from django.utils.translation import gettext_lazy as _

from approvals.audit_actions import ApprovalAction
from approvals.notifications import topics
from tenancy.rooms import (
    ApprovalKind,
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    Right,
    RoomConfig,
)


class ApprovalsConfig(RoomConfig):
    name = "approvals"
    verbose_name = _("Approvals")
    audit_actions = (ApprovalAction,)
    navigation_groups = (NavigationGroup("approvals", _("Approvals"), "user-check", 65),)
    navigation = (
        NavigationEntry(
            _("Approvals"),
            "approvals?state=pending",
            door="staff",
            order=10,
            right="approval.view",
            group="approvals",
        ),
        NavigationEntry(
            _("What needs approval"),
            "approval-rules",
            door="staff",
            order=20,
            right="approval.view",
            group="approvals",
        ),
    )
    notification_groups = (NotificationGroup("approvals", _("Approvals"), "user-check", 15, by_mail=True),)
    notification_topics = topics.TOPICS
    approval_kinds = (
        ApprovalKind(
            "approvals.rule",
            _("rule of approvals"),
            right="approval.set",
            order=900,
            apply="approvals.operations.rules.apply_rule",
            basis="approvals.operations.rules.rule_now",
            is_fixed=True,
        ),
    )
    rights = (
        Right("approval.view", staff=("director", "region_manager", "finance")),
        Right("approval.set", staff=("director", "finance")),
    )
