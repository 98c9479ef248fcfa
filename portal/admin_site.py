"""The admin site: master data and support, for the manufacturer's staff inside their tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER, actor_of
from audit.audit_actions import AdminAction
from audit.operations.recording import record
from audit.queries import trail

MAX_HISTORY_ENTRIES = 200
ACTIONS = {"add": AdminAction.ADD, "change": AdminAction.CHANGE, "delete": AdminAction.DELETE}


class TripactAdminSite(AdminSite):
    site_header = _("Tripact · master data")
    site_title = _("Tripact")
    index_title = _("Master data")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register models of tenant data only; skip what other packages register."""
        if getattr(admin_class, "view_right", ""):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return bool(request.user.is_active and actor is not None and actor.party_kind == MANUFACTURER)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied(_("Master data is for the manufacturer's staff."))
        return redirect_to_login(request.get_full_path())

    def record(self, request: HttpRequest, action: str, row: Model, message: Any) -> None:
        """Write the audit entry of a row that was added, changed or deleted in the admin."""
        record(
            ACTIONS[action],
            row,
            by=actor_of(request),
            at=timezone.now(),
            what=str(row)[:200],
            message=message,
        )

    def trail_of(self, rows: Sequence[Model]) -> Any:
        """Return the latest audit entries about these rows, newest first."""
        return trail(*rows).reverse()[:MAX_HISTORY_ENTRIES]
