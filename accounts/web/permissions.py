"""The guard of every page: who may enter a view, and what happens to a form of who was signed out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.rights import ROLE_NAMES, Actor
from accounts.web import form_recovery

View = Callable[..., HttpResponse]


def entering(right: str | None = None, *, kinds: Collection[str] = ()) -> Callable[[View], View]:
    """Only for a person who is signed in, acts for a party and holds `right` (None: any role).

    `kinds` narrows to parties of these kinds. Who is signed out goes to the sign-in and comes back;
    what they were sending is kept (accounts.web.form_recovery) and stands in the form again. Who lacks
    the right gets the page 403. Inside, `request.actor` is never None, and
    `request.right` is the right that was asked for.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return form_recovery.to_the_sign_in(request)
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return render(request, "home/nowhere.html", status=403)
            if (right is not None and not actor.may(right)) or (kinds and actor.party_kind not in kinds):
                role = str(ROLE_NAMES.get(actor.role, actor.role))
                raise PermissionDenied(_("The role “%(role)s” may not open this page.") % {"role": role})
            request.right = right  # type: ignore[attr-defined]
            return form_recovery.given_back(request, view(request, *args, **kwargs))

        return entered

    return guard
