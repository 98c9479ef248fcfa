from importlib import import_module

from django.apps import AppConfig

from audit.audit_actions import AdminAction, JobAction


class AuditConfig(AppConfig):
    name = "audit"
    audit_actions = (AdminAction, JobAction)

    def ready(self) -> None:
        """Listen to jobs in every process: a web server stops them as well."""
        import_module("audit.operations.job_control")
