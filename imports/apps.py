from django.utils.translation import gettext_lazy as _

from tenancy.rooms import JobKind, RoomConfig


class ImportsConfig(RoomConfig):
    name = "imports"
    job_kinds = (JobKind("imports.import_sales", _("Import of sales")),)
