"""The view of a list: the page, its htmx fragment, a requested export, an action on selected rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.operations.jobs import request_job
from kernel.refusals import Refusal
from kernel.uuids import as_uuid
from ui.operations.saved_views import remove_view, save_view
from ui.web.lists import Bulk, ListPage
from ui.web.requests import TenantRequest
from ui.web.submit_once import once

View = Callable[..., HttpResponse]
EXPORT = "export"
SAVE_VIEW, REMOVE_VIEW = "save_view", "remove_view"
VIEW_ACTIONS = (SAVE_VIEW, REMOVE_VIEW)
MAX_TICKED = 200


def list_view(kind: type[ListPage], *, template: str = "kit/list_page.html") -> View:
    """Return the view of a list, without a permission: `entering("order.view")(list_view(Orders))`.

    The template gets `list` (the ListPage) and the result of its `more()`.
    """

    @once
    def view(request: TenantRequest, **kwargs: Any) -> HttpResponse:
        page = kind(request.actor, request.GET, kwargs)
        if request.method == "POST":
            return _run_action(request, page, template)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "POST"])
        return render_list(request, page, template)

    return view


def render_list(request: TenantRequest, page: ListPage, template: str, *, status: int = 200) -> HttpResponse:
    """Render the list alone for an htmx request that targets it, else the whole page."""
    htmx = request.htmx
    is_fragment = bool(htmx) and htmx.target == page.dom_id and not htmx.history_restore_request
    if is_fragment:
        response = render(request, "kit/list.html", {"list": page}, status=status)
    else:
        response = render(request, template, {"list": page, **page.more()}, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _run_action(request: TenantRequest, page: ListPage, template: str) -> HttpResponse:
    key = request.POST.get("action", "")
    if key == EXPORT and page.exports:
        return redirect("job", job_id=request_export(request, page))
    if key in VIEW_ACTIONS:
        return _change_views(request, page, key)
    bulk = next((bulk for bulk in page.bulk_actions if bulk.key == key), None)
    if bulk is None:
        raise Http404
    refused = _run_bulk_action(request, page, bulk)
    if refused is None:
        return HttpResponseRedirect(request.get_full_path())
    reasons: Any = refused.details.get("messages")
    page.errors = tuple(reasons or [refused.message])
    return render_list(request, page, template, status=409)


def _change_views(request: TenantRequest, page: ListPage, key: str) -> HttpResponse:
    """Save the list's query as a view, or remove one of the user's own; then display the list again."""
    try:
        with transaction.atomic():
            if key == SAVE_VIEW:
                view = save_view(
                    list_name=page.name,
                    name=request.POST.get("name", ""),
                    query=page.query,
                    is_shared=bool(request.POST.get("is_shared")),
                    actor=page.actor,
                )
                messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            elif (view_id := as_uuid(request.POST.get("view", ""))) is not None:
                remove_view(view_id=view_id, actor=page.actor)
                messages.success(request, _("The view is removed."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(request.get_full_path())


def request_export(request: TenantRequest, page: ListPage) -> UUID:
    """Request a job that exports the list in the user's language; return the job's id.

    The job checks the user's rights again when it runs.
    """
    params = {
        "list": page.name,
        "title": str(page.title),
        "query": page.query,
        "kwargs": {name: str(value) for name, value in page.kwargs.items()},
        "membership": str(request.membership.id),
        "role": page.actor.role,
        "language": str(getattr(request, "LANGUAGE_CODE", "")),
        "right": getattr(request, "right", None) or "",
    }
    return request_job(EXPORT, params, by=request.user.pk).id


def _run_bulk_action(request: HttpRequest, page: ListPage, bulk: Bulk) -> Refusal | None:
    """Run the action on the ticked rows, which stay ticked if it is refused; return the refusal."""
    ids = [one for one in map(as_uuid, request.POST.getlist("row")) if one is not None][:MAX_TICKED]
    rows = list(page.rows().filter(id__in=ids).order_by("id")) if ids else []
    if not rows:
        messages.warning(request, _("Select rows first."))
        return None
    try:
        with transaction.atomic():
            message = bulk.does(request, rows)
    except Refusal as refusal:
        page.ticked = frozenset(row.id for row in rows)
        return refusal
    count = ngettext("%(n)d row", "%(n)d rows", len(rows)) % {"n": len(rows)}
    messages.success(request, message or f"{bulk.label}: {count}")
    return None
