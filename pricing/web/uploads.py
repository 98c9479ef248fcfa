"""Upload of an edited spreadsheet of a price list: the differences, or the wrong rows, then take-over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from jobs.models import Job
from kernel.refusals import Refusal
from kernel.spreadsheets.table import MIB
from kernel.typed_input import UnreadableInput, read_count
from pricing.domain.list_entries import EntryDifference
from pricing.models import PriceList
from pricing.operations.list_uploads import (
    APPLY,
    COMPARE,
    LIMITS,
    apply_upload,
    request_application,
    request_comparison,
)
from pricing.operations.upload_files import UploadError, UploadFolder
from pricing.web.drafts import own_row
from pricing.web.grid import LABELS
from ui.web.components import Badge
from ui.web.numbers import number, percent
from ui.web.submit_once import once

PER_PAGE = 100
MAX_PAGES = 10_000
MAX_ROWS_AT_ONCE = 5000
UNDER_WAY = (Job.State.QUEUED, Job.State.RUNNING, Job.State.STOPPING)
FIELDS = {
    "sku": gettext_lazy("Product"),
    "price": LABELS["price"],
    "per": LABELS["per"],
    "min_qty": LABELS["min_qty"],
    "advised_resale": LABELS["advised"],
    "unit": gettext_lazy("Unit"),
}
KINDS = {
    "added": (gettext_lazy("added"), "good", "plus"),
    "changed": (gettext_lazy("changed"), "warn", "pencil"),
    "removed": (gettext_lazy("removed"), "bad", "trash"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet (xlsx or CSV)"),
        help_text=gettext_lazy(
            "The edited export of the list. It replaces all prices: what is missing in the file is removed."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.max_file_bytes:
            message = _("The file is larger than %(size)s MB, or too large once unpacked.")
            raise forms.ValidationError(message % {"size": LIMITS.max_file_bytes // MIB})
        return file


@entering("price.edit")
@once
@require_http_methods(["GET", "POST"])
def upload(request: ActorRequest, price_list_id: UUID) -> HttpResponse:
    """Take an edited spreadsheet of an own list and request its comparison with the list."""
    found: PriceList = own_row(PriceList, request.actor, price_list_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        params = {
            "membership": str(request.membership.id),
            "role": request.actor.role,
            "language": str(getattr(request, "LANGUAGE_CODE", "")),
        }
        content = form.cleaned_data["file"].read()
        job = request_comparison(price_list=found, content=content, params=params, by=request.actor)
        return redirect("price-list-comparison", found.id, job.id)
    facts = {"row": found, "form": form}
    return render(request, "pricing/upload.html", facts, status=422 if form.errors else 200)


@entering("price.edit")
@once
@require_http_methods(["GET", "POST"])
def comparison(request: ActorRequest, price_list_id: UUID, job_id: UUID) -> HttpResponse:
    """Display the progress and the result of a comparison; a POST takes the prices over."""
    found: PriceList = own_row(PriceList, request.actor, price_list_id)
    job = _own_job(request, found, job_id)
    applying = Job.objects.filter(kind=APPLY, period=str(job.id)).first()
    upload_facts: dict[str, Any] = job.result.get("upload", {})
    if request.method == "POST":
        return _take_over(request, found, job, upload_facts)
    if applying is not None and (draft := applying.result.get("upload", {}).get("price_list")):
        messages.success(request, _("The uploaded prices are in the draft."))
        return redirect("price-list", draft)
    running = applying if applying is not None and applying.state in UNDER_WAY else job
    page = _page_number(request)
    facts = {
        "row": found,
        "job": running,
        "runs": running.state in UNDER_WAY,
        "failed": _failure(job, applying),
        "upload": upload_facts,
        **_result_page(job, upload_facts, page),
    }
    return render(request, "pricing/comparison.html", facts)


def _own_job(request: ActorRequest, price_list: PriceList, job_id: UUID) -> Job:
    """Return the person's own comparison of the list. Raises Http404."""
    mine = Job.objects.filter(kind=COMPARE, requested_by_id=request.actor.user_id)
    found: Job = get_object_or_404(mine, id=job_id, params__price_list=str(price_list.id))
    return found


def _take_over(request: ActorRequest, price_list: PriceList, job: Job, facts: dict[str, Any]) -> HttpResponse:
    if facts.get("state") == "ready" and facts["rows"] > MAX_ROWS_AT_ONCE:
        request_application(comparison=job, by=request.actor)
        return redirect("price-list-comparison", price_list.id, job.id)
    try:
        with transaction.atomic():
            draft = apply_upload(comparison=job, by=request.actor, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("price-list-comparison", price_list.id, job.id)
    messages.success(request, _("The uploaded prices are in the draft."))
    return redirect("price-list", draft.id)


def _failure(job: Job, applying: Job | None) -> str:
    """Return why the file was refused or a job has failed, "" if neither."""
    reason: str = job.result.get("upload", {}).get("reason", "")
    if applying is not None and applying.result.get("upload", {}).get("state") == "refused":
        return applying.message
    if any(one is not None and one.state == Job.State.FAILED for one in (job, applying)):
        return _("The file could not be read to its end. Upload it again.")
    return reason


def _page_number(request: ActorRequest) -> int:
    try:
        return max(read_count(request.GET.get("page", "1"), max_count=MAX_PAGES), 1)
    except UnreadableInput:
        return 1


def _result_page(job: Job, facts: dict[str, Any], page: int) -> dict[str, Any]:
    """Return a page of the errors or of the differences, and whether there is a next one."""
    files, start = UploadFolder(job.id), (page - 1) * PER_PAGE
    result: dict[str, Any] = {"page": page, "previous": page - 1}
    if facts.get("state") == "wrong":
        errors = files.errors(start, start + PER_PAGE + 1)
        result["errors"] = [_error(one) for one in errors[:PER_PAGE]]
        result["next"] = page + 1 if len(errors) > PER_PAGE else 0
    if facts.get("state") == "ready":
        rows = files.differences(start, start + PER_PAGE + 1)
        result["differences"] = [_difference(one) for one in rows[:PER_PAGE]]
        result["next"] = page + 1 if len(rows) > PER_PAGE else 0
        result["changes"] = sum(facts[kind] for kind in KINDS)
    return result


def _error(one: UploadError) -> dict[str, Any]:
    return {"number": one.number, "field": FIELDS.get(one.field, one.field), "reason": one.reason}


def _difference(one: EntryDifference) -> dict[str, Any]:
    label, mood, icon = KINDS[one.kind]
    change = ""
    if one.change is not None:
        change = f"{'+' if one.change > 0 else ''}{percent(one.change)}"
    return {
        "badge": Badge(str(label), mood, icon),
        "sku": one.entry.sku,
        "min_qty": one.entry.min_qty,
        "old": _price(one.old),
        "new": _price(one.new),
        "change": change,
        "rises": one.change is not None and one.change > 0,
    }


def _price(entry: Any) -> str:
    if entry is None:
        return "—"
    price = number(entry.price) if entry.per == 1 else f"{number(entry.price)} / {entry.per}"
    advised = entry.advised_resale
    return price if advised is None else f"{price} ({_('advised')} {number(advised)})"


def url_of(job: Job) -> str:
    """Return the page of a comparison or of its take-over, for the job's own page."""
    if job.kind == APPLY:
        draft = job.result.get("upload", {}).get("price_list")
        if draft:
            return reverse("price-list", args=[draft])
        return reverse("price-list-comparison", args=[job.params["price_list"], job.params["comparison"]])
    return reverse("price-list-comparison", args=[job.params["price_list"], job.id])
