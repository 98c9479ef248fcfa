"""The list of notices, and a notice's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from noticeboard.models import Notice
from ui.web.lists import Column, ListPage
from ui.web.shortcuts import get_visible_or_404


class Notices(ListPage):
    name = "notices"
    title = _("Notices")
    columns = (
        Column("title", _("title"), value="title"),
        Column("posted", _("posted at"), value="posted_at", kind="moment", sort="posted_at"),
    )
    order = "-posted_at"

    def rows(self) -> QuerySet[Notice]:
        rows: QuerySet[Notice] = Notice.objects.visible_to(self.actor)
        return rows

    def href(self, row: Any) -> str:
        return reverse("notice", args=[row.id])


@entering("notice.view")
def notice_page(request: ActorRequest, notice_id: UUID) -> HttpResponse:
    notice = get_visible_or_404(Notice.objects, request.actor, id=notice_id)
    return render(request, "noticeboard/notice.html", {"notice": notice})
