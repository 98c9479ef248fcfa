from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        """From the start, in every process: a job is stopped by a web server as well."""
        import_module("audit.operations.steering")
