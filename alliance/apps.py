from django.apps import AppConfig

from alliance.audit_actions import ContractAction


class AllianceConfig(AppConfig):
    name = "alliance"
    audit_actions = (ContractAction,)
