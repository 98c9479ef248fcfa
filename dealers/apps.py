from django.apps import AppConfig

from dealers.audit_actions import InvitationAction, MembershipAction, PartyAction, TerritoryAction


class DealersConfig(AppConfig):
    name = "dealers"
    audit_actions = (PartyAction, MembershipAction, InvitationAction, TerritoryAction)
