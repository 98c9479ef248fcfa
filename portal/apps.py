from django.utils.translation import gettext_lazy as _

from portal.notifications import topics
from tenancy.rooms import JobKind, NavigationEntry, NavigationGroup, NotificationGroup, Right, RoomConfig


class PortalConfig(RoomConfig):
    name = "portal"
    navigation_groups = (
        NavigationGroup("home", _("Home"), "home", 0),
        NavigationGroup("jobs", _("Jobs"), "progress-check", 90),
    )
    navigation = (
        NavigationEntry(_("Home"), "home", door="staff", order=10, group="home"),
        NavigationEntry(_("Jobs"), "jobs", door="staff", order=10, group="jobs"),
        NavigationEntry(_("Home"), "home", door="dealer", order=10),
        NavigationEntry(_("Home"), "member-home", door="member", order=10, icon="home"),
        NavigationEntry(
            _("Rebates"),
            "member-rebates",
            door="member",
            order=40,
            right="rebate.view",
            icon="receipt-yuan",
        ),
        NavigationEntry(_("Mine"), "member-mine", door="member", order=50, icon="user"),
    )
    job_kinds = (JobKind("export", _("Export"), is_personal=True),)
    notification_groups = (NotificationGroup("jobs", _("Background jobs"), "progress-check", 60),)
    notification_topics = topics.TOPICS
    rights = (
        Right("job.view", staff=("director", "region_manager", "finance", "supervisor")),
        Right("job.run", staff=("director", "finance")),
    )
