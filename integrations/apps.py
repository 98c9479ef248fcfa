from django.apps import AppConfig

from integrations.audit_actions import ApiKeyAction


class IntegrationsConfig(AppConfig):
    name = "integrations"
    audit_actions = (ApiKeyAction,)
