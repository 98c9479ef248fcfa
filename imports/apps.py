from django.utils.translation import gettext_lazy as _

from imports.audit_actions import ImportAction
from tenancy.rooms import JobKind, RoomConfig


class ImportsConfig(RoomConfig):
    name = "imports"
    audit_actions = (ImportAction,)
    job_kinds = (JobKind("imports.import_sales", _("Import of sales")),)
