from django.utils.translation import gettext_lazy as _

from accounts.notifications import topics
from tenancy.rooms import NotificationGroup, RoomConfig


class AccountsConfig(RoomConfig):
    name = "accounts"
    verbose_name = _("People")
    notification_groups = (NotificationGroup("account", _("My account"), "user-circle", 70, by_mail=True),)
    notification_topics = topics.TOPICS
