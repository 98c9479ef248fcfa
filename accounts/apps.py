from django.utils.translation import gettext_lazy as _

from accounts import request_log
from accounts.audit_actions import SignInAction
from accounts.notifications import topics
from tenancy.rooms import NotificationGroup, RoomConfig


class AccountsConfig(RoomConfig):
    name = "accounts"
    verbose_name = _("People")
    audit_actions = (SignInAction,)
    notification_groups = (NotificationGroup("account", _("My account"), "user-circle", 70, by_mail=True),)
    notification_topics = topics.TOPICS

    def ready(self) -> None:
        request_log.connect()
