"""Registration of the alliance: navigation, notifications, search, rights and audit actions."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from alliance.audit_actions import BreachAction, ContractAction
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
    audit_actions = (ContractAction, BreachAction)
    navigation_groups = (NavigationGroup("alliance", _("Alliance"), "heart-handshake", 10),)
    navigation = (
        NavigationEntry(
            _("Contracts"), "contracts", door="staff", order=10, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Guarantees"), "guarantees", door="staff", order=20, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Breaches"), "breaches", door="staff", order=30, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Contracts"), "contracts", door="dealer", order=90, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Guarantees"), "guarantees", door="dealer", order=95, right="contract.view", group="alliance"
        ),
        NavigationEntry(
            _("Breaches"), "breaches", door="dealer", order=97, right="contract.view", group="alliance"
        ),
    )
    notification_groups = (
        NotificationGroup("contracts", _("Contracts and guarantees"), "file-text", 30, by_mail=True),
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
            apply="alliance.operations.signing.apply_end",
            basis="alliance.operations.signing.contract_now",
            page="contract",
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
    schedule = (ScheduledCall("alliance.operations.breaches.remind_replies"),)
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
        Right("breach.reply", staff=("director", "region_manager"), dealer=("owner",), member=("owner",)),
        Right("breach.decide", staff=("director", "supervisor")),
        Right(
            "service.report",
            staff=("director", "region_manager", "sales_rep", "supervisor", "account_manager"),
        ),
    )
