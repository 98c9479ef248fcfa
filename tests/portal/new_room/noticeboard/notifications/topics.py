from django.utils.translation import gettext_noop

from tenancy.rooms import NotificationTopic

POSTED = NotificationTopic(
    "noticeboard.posted", "notices", gettext_noop("New notice: %(title)s"), gettext_noop("Read it soon.")
)
TOPICS = (POSTED,)
