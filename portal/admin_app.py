from django.apps import apps
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

from config import health_checks, request_log

ROOM_NAMES = {
    "tenancy": _("Tenants"),
    "jobs": _("Jobs"),
    "audit": _("Audit trail"),
    "accounts": _("People"),
    "catalogue": _("Catalogue"),
    "dealers": _("Partners"),
    "ledger": _("Ledger"),
    "alliance": _("Alliance"),
    "pricing": _("Prices"),
    "ordering": _("Ordering"),
    "rebates": _("Rebates"),
    "analytics": _("Analytics"),
    "integrations": _("Integration"),
}


class TripactAdminConfig(AdminConfig):
    default_site = "portal.admin_site.TripactAdminSite"

    def ready(self) -> None:
        for label, name in ROOM_NAMES.items():
            apps.get_app_config(label).verbose_name = name
        health_checks.connect()
        request_log.connect()
        super().ready()
