from django.apps import AppConfig

from imports.audit_actions import ImportAction


class ImportsConfig(AppConfig):
    name = "imports"
    audit_actions = (ImportAction,)
