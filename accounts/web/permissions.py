"""Permissions of views: sign-in, party and right."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.rights import ROLE_NAMES, Actor
from accounts.web import form_recovery
from ui.web.requests import TenantRequest

View = Callable[..., HttpResponse]


def entering(right: str | None = None, *, kinds: Collection[str] = ()) -> Callable[[View], View]:
    """Restrict a view to users who are signed in, act for a party and hold `right` (None: any role).

    `kinds` restricts it further to parties of these kinds. A user who is not signed in is redirected to the
    sign-in and back, and a form that they submitted is restored (accounts.web.form_recovery). A user
    without the right gets a page with status 403. In the view, `request.actor` is not None and
    `request.right` is the required right.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return form_recovery.redirect_to_sign_in(request)
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return render(request, "home/nowhere.html", status=403)
            if (right is not None and not actor.may(right)) or (kinds and actor.party_kind not in kinds):
                role = str(ROLE_NAMES.get(actor.role, actor.role))
                raise PermissionDenied(_("The role “%(role)s” may not open this page.") % {"role": role})
            request.right = right
            return form_recovery.refill_page(request, view(request, *args, **kwargs))

        return guarded

    return guard
