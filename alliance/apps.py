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
    JobKind,
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    Right,
    RoomConfig,
    ScheduledCall,
    SearchNoun,
)

STAFF_PAGES = (
    (_("Contracts"), "contracts", "contract.view"),
    (_("Guarantees"), "guarantees", "contract.view"),
    (_("Breaches"), "breaches", "contract.view"),
    (_("Duties"), "duties", "duty.view"),
    (_("Channel plan"), "plans", "plan.view"),
    (_("Region map"), "region-map", "contract.view"),
    (_("Region changes"), "region-changes", "contract.edit"),
    (_("Recruitment"), "applications", "recruitment.view"),
    (_("Authorisations"), "authorisations", "authorisation.view"),
)
DEALER_PAGES = (
    (_("Contracts"), "contracts", "contract.view"),
    (_("Guarantees"), "guarantees", "contract.view"),
    (_("Breaches"), "breaches", "contract.view"),
    (_("Duties"), "duties", "duty.view"),
    (_("Objectives"), "objectives", "plan.view"),
    (_("Region map"), "region-map", "contract.view"),
    (_("Authorisations"), "authorisations", "authorisation.view"),
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
        *(
            NavigationEntry(label, page, door="staff", order=10 * place, right=right, group="alliance")
            for place, (label, page, right) in enumerate(STAFF_PAGES, 1)
        ),
        *(
            NavigationEntry(label, page, door="dealer", order=90 + place, right=right, group="alliance")
            for place, (label, page, right) in enumerate(DEALER_PAGES)
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
    job_kinds = (
        JobKind(
            "alliance.measure",
            _("Guarantees measured"),
            figures_right="contract.view",
            result_url="alliance.web.measuring.measured_url",
        ),
    )
    schedule = (
        ScheduledCall("alliance.operations.duty_round.run_day"),
        ScheduledCall("alliance.operations.breaches.remind_replies"),
        ScheduledCall("alliance.operations.rounds.turn_contracts", every=("hourly", "daily")),
        ScheduledCall("alliance.operations.rounds.remind_of_ends"),
        ScheduledCall("alliance.operations.deposits.remind_of_deposits"),
        ScheduledCall("alliance.operations.authorisation_reminders.remind_of_expiry"),
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
        Right("guarantee.measure", staff=("director", "supervisor")),
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
