"""Registration of the ledger: navigation, rights and audit actions."""

from django.utils.translation import gettext_lazy as _

from ledger.audit_actions import BookAction, JournalAction
from tenancy.rooms import NavigationEntry, NavigationGroup, Right, RoomConfig


class LedgerConfig(RoomConfig):
    name = "ledger"
    verbose_name = _("Ledger")
    audit_actions = (BookAction, JournalAction)
    navigation_groups = (NavigationGroup("ledger", _("Ledger"), "book-2", 50),)
    navigation = (
        NavigationEntry(_("Accounts"), "books", door="staff", order=10, right="ledger.view", group="ledger"),
        NavigationEntry(_("Accounts"), "books", door="dealer", order=80, right="ledger.view"),
    )
    rights = (
        Right(
            "ledger.view",
            staff=("director", "region_manager", "finance", "account_manager"),
            dealer=("owner", "finance"),
            member=("owner",),
        ),
        Right("ledger.post", staff=("director", "finance"), dealer=("owner", "finance"), member=("owner",)),
    )
