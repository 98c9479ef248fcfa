from django.apps import AppConfig

from rebates.audit_actions import GuaranteeAction, ProgramAction, SettlementAction


class RebatesConfig(AppConfig):
    name = "rebates"
    audit_actions = (ProgramAction, SettlementAction, GuaranteeAction)
