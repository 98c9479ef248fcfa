"""Registration of the alliance: navigation, notifications, search, rights and audit actions."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER_ROLES, MEMBER_ROLES, STAFF_ROLES
from alliance.audit_actions import (
    AuthorisationAction,
    BreachAction,
    ContractAction,
    DutyAction,
    PlanAction,
    RecruitmentAction,
    RegionMapAction,
)
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
    audit_actions = (
        ContractAction,
        RecruitmentAction,
        AuthorisationAction,
        BreachAction,
        DutyAction,
        PlanAction,
        RegionMapAction,
    )
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
            _("Breaches"), "breaches", door="staff", order=30, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Region map"), "region-map", door="staff", order=30, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Region changes"),
            "region-changes",
            door="staff",
            order=40,
            right="contract.edit",
            group="alliance",
        ),
        NavigationEntry(
            _("Contracts"), "contracts", door="dealer", order=90, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Guarantees"), "guarantees", door="dealer", order=95, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Recruitment"),
            "applications",
            door="staff",
            order=30,
            right="recruitment.view",
            group="alliance",
        ),
        NavigationEntry(
            _("Authorisations"),
            "authorisations",
            door="staff",
            order=40,
            right="authorisation.view",
            group="alliance",
        ),
        NavigationEntry(
            _("Authorisations"),
            "authorisations",
            door="dealer",
            order=97,
            right="authorisation.view",
            group="alliance",
        ),
        NavigationEntry(
            _("Region map"), "region-map", door="dealer", order=97, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Breaches"), "breaches", door="dealer", order=97, right="contract.view", group="alliance"
        ),
    )
    notification_groups = (
        NotificationGroup("contracts", _("Contracts and guarantees"), "file-text", 30, by_mail=True),
        NotificationGroup("recruitment", _("Recruitment"), "user-plus", 35, by_mail=True),
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
    approval_kinds = (
        ApprovalKind(
            "alliance.end",
            _("contract ended early"),
            right="contract.edit",
            order=70,
            apply="alliance.operations.ending.apply_end",
            basis="alliance.operations.ending.contract_now",
            page="contract",
        ),
        ApprovalKind(
            "alliance.revoke",
            _("authorisation revoked"),
            right="authorisation.issue",
            order=75,
            apply="alliance.operations.authorising.apply_revocation",
            basis="alliance.operations.authorising.authorisation_now",
            page="authorisation",
        ),
        ApprovalKind(
            "alliance.breach",
            _("breach decided"),
            right="breach.decide",
            order=80,
            apply="alliance.operations.breaches.apply_decision",
            basis="alliance.operations.breaches.breach_now",
            page="breach",
            has_amount=True,
            above=Decimal(50_000),
        ),
    )
    schedule = (
        ScheduledCall("alliance.operations.duty_round.run_day"),
        ScheduledCall("alliance.operations.breaches.remind_replies"),
        ScheduledCall("alliance.operations.rounds.turn_contracts", every=("hourly", "daily")),
        ScheduledCall("alliance.operations.rounds.remind_of_ends"),
        ScheduledCall("alliance.operations.deposits.remind_of_deposits"),
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
        Right("region_map.edit", staff=("director",)),
        Right("contract.propose", staff=("director", "region_manager"), dealer=("owner",)),
        Right("contract.sign", staff=("director",), dealer=("owner",), member=("owner",)),
        Right("recruitment.view", staff=("director", "region_manager", "sales_rep")),
        Right("recruitment.decide", staff=("director", "region_manager")),
        Right(
            "authorisation.view",
            staff=("director", "region_manager", "sales_rep", "supervisor", "account_manager"),
            dealer=("owner", "finance"),
            member=("owner",),
        ),
        Right("authorisation.issue", staff=("director", "region_manager")),
        Right("breach.reply", staff=("director", "region_manager"), dealer=("owner",), member=("owner",)),
        Right("breach.decide", staff=("director", "supervisor")),
        Right(
            "service.report",
            staff=("director", "region_manager", "sales_rep", "supervisor", "account_manager"),
        ),
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
