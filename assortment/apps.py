"""Registration of the assortment: navigation, notifications, rights and audit actions."""

from django.utils.translation import gettext_lazy as _

from accounts.rights import STAFF_ROLES
from assortment.audit_actions import ChannelPortfolioAction, IdeaAction, TrialAction
from assortment.notifications import topics
from tenancy.rooms import NavigationEntry, NotificationGroup, Right, RoomConfig

_PARTNERS = {"dealer": ("owner", "purchaser", "sales_rep"), "member": ("owner", "sales_rep")}


class AssortmentConfig(RoomConfig):
    name = "assortment"
    verbose_name = _("Assortment")
    audit_actions = (TrialAction, IdeaAction, ChannelPortfolioAction)
    navigation = (
        NavigationEntry(
            _("Portfolios"), "portfolios", door="staff", order=20, right="catalogue.edit", group="catalogue"
        ),
        NavigationEntry(_("Trials"), "trials", door="staff", order=30, right="trial.view", group="catalogue"),
        NavigationEntry(
            _("Product ideas"), "ideas", door="staff", order=40, right="idea.view", group="catalogue"
        ),
        NavigationEntry(
            _("Trials"), "trials", door="dealer", order=97, right="trial.answer", group="alliance"
        ),
        NavigationEntry(
            _("Product ideas"), "ideas", door="dealer", order=98, right="idea.submit", group="alliance"
        ),
    )
    notification_groups = (
        NotificationGroup("products", _("Products, trials and ideas"), "package", 35, by_mail=False),
    )
    notification_topics = topics.TOPICS
    rights = (
        Right("trial.view", staff=STAFF_ROLES, **_PARTNERS),
        Right("trial.answer", **_PARTNERS),
        Right("idea.view", staff=STAFF_ROLES, **_PARTNERS),
        Right("idea.submit", **_PARTNERS),
    )
