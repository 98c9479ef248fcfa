"""Audit actions of dealers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PartyAction(TextChoices):
    ADD = "party.add", _("partner added")
    EDIT = "party.edit", _("partner changed")


class MembershipAction(TextChoices):
    ADMIT = "membership.admit", _("person admitted")
    CHANGE_ROLE = "membership.change_role", _("role changed")
    WITHDRAW = "membership.withdraw", _("person withdrawn")


class InvitationAction(TextChoices):
    SEND = "invitation.send", _("person invited")
    WITHDRAW = "invitation.withdraw", _("invitation withdrawn")
    DECLINE = "invitation.decline", _("invitation declined")


class TerritoryAction(TextChoices):
    DRAW = "territory.draw", _("territory drawn")
    GRANT = "territory.grant", _("territory granted")
    REVOKE = "territory.revoke", _("territory revoked")
