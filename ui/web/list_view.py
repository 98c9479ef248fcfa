"""The view of a list: the page, its fragment, an export asked for, a deed on the rows ticked."""

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
from ui.web.lists import Bulk, ListPage
from ui.web.submit_once import once

View = Callable[..., HttpResponse]
EXPORT = "export"
MAX_TICKED = 200


def list_view(kind: type[ListPage], *, template: str = "kit/list_page.html") -> View:
    """The view of a list, still to be guarded: `orders = entering("order.view")(list_view(Orders))`.

    The template gets `list` (the ListPage) and what its `more()` answers.
    """

    @once
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        page = kind(request.actor, request.GET, kwargs)  # type: ignore[attr-defined]
        if request.method == "POST":
            return _done(request, page)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "POST"])
        return shown(request, page, template)

    return view


def shown(request: HttpRequest, page: ListPage, template: str) -> HttpResponse:
    htmx = getattr(request, "htmx", None)
    part = bool(htmx) and htmx.target == page.dom_id and not htmx.history_restore_request  # type: ignore[union-attr]
    if part:
        response = render(request, "kit/list.html", {"list": page})
    else:
        response = render(request, template, {"list": page, **page.more()})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _done(request: HttpRequest, page: ListPage) -> HttpResponse:
    wanted = request.POST.get("deed", "")
    if wanted == EXPORT and page.exports:
        return redirect("job", job_id=request_export(request, page))
    bulk = next((bulk for bulk in page.deeds if bulk.key == wanted), None)
    if bulk is None:
        raise Http404
    _do(request, page, bulk)
    return HttpResponseRedirect(request.get_full_path())


def request_export(request: HttpRequest, page: ListPage) -> UUID:
    """Asks for the list as a spreadsheet, in this person's language; the rights are looked up again."""
    params = {
        "list": page.name,
        "title": str(page.title),
        "query": page.query,
        "kwargs": {name: str(value) for name, value in page.kwargs.items()},
        "membership": str(request.membership.id),  # type: ignore[attr-defined]
        "role": page.actor.role,
        "language": str(getattr(request, "LANGUAGE_CODE", "")),
        "right": getattr(request, "right", None) or "",
    }
    return request_job(EXPORT, params, by=request.user.pk).id


def _do(request: HttpRequest, page: ListPage, bulk: Bulk) -> None:
    ids = [one for one in map(_uuid, request.POST.getlist("row")) if one is not None][:MAX_TICKED]
    rows = list(page.rows().filter(id__in=ids).order_by("id")) if ids else []
    if not rows:
        messages.warning(request, _("Tick the rows first."))
        return
    try:
        with transaction.atomic():
            said = bulk.does(request, rows)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return
    count = ngettext("%(n)d row", "%(n)d rows", len(rows)) % {"n": len(rows)}
    messages.success(request, said or f"{bulk.label}: {count}")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
