"""Registration of the alliance: navigation, notifications, search, rights and audit actions."""

from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER_ROLES, MEMBER_ROLES, STAFF_ROLES
from alliance.audit_actions import ContractAction, DutyAction, PlanAction
from alliance.notifications import topics
from tenancy.rooms import (
    ApprovalKind,
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    Right,
    RoomConfig,
    ScheduledCall,
    SearchNoun,
)


class AllianceConfig(RoomConfig):
    name = "alliance"
    verbose_name = _("Alliance")
    audit_actions = (ContractAction, DutyAction, PlanAction)
    navigation_groups = (NavigationGroup("alliance", _("Alliance"), "heart-handshake", 10),)
    navigation = (
        NavigationEntry(
            _("Contracts"), "contracts", door="staff", order=10, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Guarantees"), "guarantees", door="staff", order=20, right="contract.view", group="alliance"
        ),
        NavigationEntry(_("Duties"), "duties", door="staff", order=30, right="duty.view", group="alliance"),
        NavigationEntry(
            _("Channel plan"), "plans", door="staff", order=40, right="plan.view", group="alliance"
        ),
        NavigationEntry(_("Duties"), "duties", door="dealer", order=96, right="duty.view", group="alliance"),
        NavigationEntry(
            _("Objectives"), "objectives", door="dealer", order=97, right="plan.view", group="alliance"
        ),
        NavigationEntry(
            _("Contracts"), "contracts", door="dealer", order=90, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Guarantees"), "guarantees", door="dealer", order=95, right="contract.view", group="alliance"
        ),
    )
    notification_groups = (
        NotificationGroup("contracts", _("Contracts and guarantees"), "file-text", 30, by_mail=True),
        NotificationGroup("duties", _("Duties and channel plan"), "checklist", 35),
    )
    notification_topics = topics.TOPICS
    search_nouns = (
        SearchNoun(
            _("Contracts"),
            "heart-handshake",
            right="contract.view",
            page="contract",
            order=30,
            find="alliance.queries.find_contracts",
            reindex="alliance.operations.drafting.reindex_contracts",
        ),
    )
    schedule = (ScheduledCall("alliance.operations.duty_round.run_day"),)
    approval_kinds = (
        ApprovalKind(
            "alliance.end",
            _("contract ended early"),
            right="contract.edit",
            order=70,
            apply="alliance.operations.signing.apply_end",
            basis="alliance.operations.signing.contract_now",
            page="contract",
        ),
    )
    rights = (
        Right(
            "contract.view",
            staff=(
                "director",
                "region_manager",
                "sales_rep",
                "finance",
                "supervisor",
                "account_manager",
            ),
            dealer=("owner", "finance"),
            member=("owner",),
        ),
        Right("contract.edit", staff=("director", "region_manager")),
        Right("contract.sign", staff=("director",), dealer=("owner",), member=("owner",)),
        Right("duty.view", staff=STAFF_ROLES, dealer=DEALER_ROLES, member=MEMBER_ROLES),
        Right("duty.report", staff=STAFF_ROLES, dealer=DEALER_ROLES, member=MEMBER_ROLES),
        Right("kpi.enter", staff=("director", "region_manager", "supervisor")),
        Right(
            "plan.view",
            staff=("director", "region_manager", "sales_rep", "finance", "supervisor", "account_manager"),
            dealer=("owner", "finance", "sales_rep"),
            member=("owner", "sales_rep"),
        ),
        Right("plan.edit", staff=("director", "region_manager")),
        Right("plan.agree", dealer=("owner",), member=("owner",)),
    )
