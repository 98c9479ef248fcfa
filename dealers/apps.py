"""Registration of dealers: navigation, jobs, notifications, search, rights and audit actions."""

from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER_ROLES, MEMBER_ROLES, STAFF_ROLES
from dealers.audit_actions import InvitationAction, MembershipAction, PartyAction, TerritoryAction
from dealers.notifications import topics
from tenancy.rooms import (
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    Right,
    RoomConfig,
    SearchNoun,
)


class DealersConfig(RoomConfig):
    name = "dealers"
    verbose_name = _("Partners")
    audit_actions = (PartyAction, MembershipAction, InvitationAction, TerritoryAction)
    navigation_groups = (NavigationGroup("partners", _("Partners"), "building-store", 70),)
    navigation = (
        NavigationEntry(
            _("Partners"), "parties", door="staff", order=10, right="party.view", group="partners"
        ),
        NavigationEntry(_("Tiers"), "tiers", door="staff", order=20, right="tier.view", group="partners"),
        NavigationEntry(
            _("Standing"), "standing", door="dealer", order=100, right="tier.view", group="alliance"
        ),
        NavigationEntry(
            _("Customers"), "parties", door="dealer", order=110, right="party.view", group="partners"
        ),
        NavigationEntry(
            _("Our people"), "people", door="dealer", order=120, right="people.edit", group="partners"
        ),
        NavigationEntry(
            _("Our people"), "people", door="staff", order=30, right="people.edit", group="partners"
        ),
    )
    notification_groups = (NotificationGroup("tiers", _("Tiers"), "stairs-up", 50),)
    notification_topics = topics.TOPICS
    search_nouns = (
        SearchNoun(
            _("Partners"),
            "building-store",
            right="party.view",
            page="party",
            order=20,
            find="dealers.queries.search.find_parties",
            reindex="dealers.operations.parties.reindex_parties",
        ),
    )
    tenant_wide_models = (
        "dealers.channel",
        "dealers.invitation",  # for those who hold people.edit, who see all people
        "dealers.membership",
        "dealers.region",
        "dealers.regionchange",
        "dealers.tag",
        "dealers.territory",
        "dealers.tier",
    )
    rights = (
        Right("party.view", staff=STAFF_ROLES, dealer=DEALER_ROLES, member=MEMBER_ROLES),
        Right("party.edit", staff=("director", "region_manager")),
        Right("people.edit", staff=("director",), dealer=("owner",), member=("owner",)),
        Right(
            "tier.view",
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
        Right("tier.run", staff=("director",)),
    )
