from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class TripactAdminSite(AdminSite):
    """Master data and support, for the manufacturer's staff inside their tenant."""

    site_header = _("Tripact · master data")
    site_title = _("Tripact")
    index_title = _("Master data")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return bool(request.user.is_active and actor is not None and actor.party_kind == "manufacturer")

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        from django.contrib.auth.views import redirect_to_login

        return redirect_to_login(request.get_full_path())
