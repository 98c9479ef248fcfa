from django.utils.translation import gettext_lazy as _

from accounts.rights import STAFF_ROLES
from noticeboard.audit_actions import NoticeAction
from noticeboard.notifications import topics
from tenancy.rooms import (
    JobKind,
    NavigationEntry,
    NavigationGroup,
    NotificationGroup,
    Right,
    RoomConfig,
    ScheduledCall,
    SearchNoun,
)


class NoticeboardConfig(RoomConfig):
    name = "noticeboard"
    verbose_name = _("Noticeboard")
    navigation_groups = (NavigationGroup("noticeboard", _("Noticeboard"), "speakerphone", 75),)
    navigation = (
        NavigationEntry(
            _("Notices"), "notices", door="staff", order=10, right="notice.view", group="noticeboard"
        ),
        NavigationEntry(_("Notices"), "notices", door="dealer", order=120, right="notice.view"),
    )
    job_kinds = (JobKind("noticeboard.count", _("Count of the notices"), figures_right="notice.view"),)
    notification_groups = (NotificationGroup("notices", _("Notices"), "speakerphone", 80),)
    notification_topics = topics.TOPICS
    search_nouns = (
        SearchNoun(
            _("Notices"),
            "speakerphone",
            right="notice.view",
            page="notice",
            order=50,
            find="noticeboard.queries.find_notices",
            reindex="noticeboard.operations.reindex_notices",
        ),
    )
    audit_actions = (NoticeAction,)
    rights = (
        Right("notice.view", staff=STAFF_ROLES, dealer=("owner",)),
        Right("notice.post", staff=("director",)),
    )
    schedule = (ScheduledCall("noticeboard.operations.delete_old_notices"),)
