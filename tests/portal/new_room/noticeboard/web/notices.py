"""The list of notices, and a notice's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.permissions import entering
from noticeboard.models import Notice
from ui.web.lists import Column, ListPage


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
def notice_page(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    notice = get_object_or_404(Notice.objects.visible_to(request.actor), id=notice_id)  # type: ignore[attr-defined]
    return render(request, "noticeboard/notice.html", {"notice": notice})
