"""Registration of the room."""

from importlib import import_module

from django.utils.translation import gettext_lazy as _

from audit.audit_actions import AdminAction, JobAction
from tenancy.rooms import RoomConfig


class AuditConfig(RoomConfig):
    name = "audit"
    verbose_name = _("Audit trail")
    audit_actions = (AdminAction, JobAction)
    tenant_wide_models = ("audit.auditentry",)  # for those who hold people.edit, who see all people

    def ready(self) -> None:
        """Listen to jobs in every process: a web server stops them as well."""
        import_module("audit.operations.job_control")
