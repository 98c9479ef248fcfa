from importlib import import_module

from django.utils.translation import gettext_lazy as _

from tenancy.rooms import RoomConfig


class AuditConfig(RoomConfig):
    name = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        """From the start, in every process: a job is stopped by a web server as well."""
        import_module("audit.operations.steering")
