from django.utils.translation import gettext_lazy as _

from accounts.rights import MEMBER_ROLES
from tenancy.rooms import NavigationEntry, NavigationGroup, Right, RoomConfig


class SimulationsConfig(RoomConfig):
    name = "simulations"
    navigation_groups = (NavigationGroup("what-if", _("What if"), "calculator", 80),)
    navigation = (
        NavigationEntry(_("What if"), "what-ifs", door="staff", order=10, right="simulate", group="what-if"),
    )
    rights = (
        Right(
            "simulate",
            staff=(
                "director",
                "region_manager",
                "sales_rep",
                "finance",
                "supervisor",
                "account_manager",
            ),
            dealer=("owner", "purchaser", "finance", "sales_rep"),
            member=MEMBER_ROLES,
        ),
    )
