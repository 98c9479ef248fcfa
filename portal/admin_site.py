"""Django's admin: master data and support, for the manufacturer's staff inside their tenant."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import MANUFACTURER
from audit.models import Trace
from audit.models.words import deed_in_words
from audit.operations.tracing import trace

HISTORY = 200


class TripactAdminSite(AdminSite):
    site_header = _("Tripact · master data")
    site_title = _("Tripact")
    index_title = _("Master data")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Tenant data only: what other packages register here belongs to no tenant."""
        if getattr(admin_class, "view_right", ""):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return bool(request.user.is_active and actor is not None and actor.party_kind == MANUFACTURER)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        if request.user.is_authenticated:
            raise PermissionDenied(_("Master data is for the manufacturer's staff."))
        return redirect_to_login(request.get_full_path())

    def trace(self, request: HttpRequest, deed: str, noun: str, thing: Any, message: Any) -> None:
        """One line of the audit trail for a change made in the admin."""
        trace(
            deed, noun, thing.pk, by=request.actor, at=timezone.now(),  # type: ignore[attr-defined]
            what=str(thing)[:200], message=message,
        )  # fmt: skip

    def traces_of(self, noun: str, noun_id: object) -> Any:
        """The newest first, each with its deed in words; shape: (audit.models.Trace, str)."""
        traces = Trace.objects.filter(noun=noun, noun_id=str(noun_id)).order_by("-at")[:HISTORY]
        return [(trace, deed_in_words(trace.deed)) for trace in traces]
