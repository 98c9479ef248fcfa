"""The temporary credits of an account: what raises its limit, granted and ended by the seller."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from kernel.refusals import Refusal
from ledger.models import TemporaryCredit
from ledger.operations.temporary_credit import end_temporary_credit, grant_temporary_credit
from ledger.web.books import visible_book
from ui.web.actions import attempt
from ui.web.last_days import LastDayField
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, DayField


class TemporaryCreditForm(forms.Form):
    amount = AmountField(label=gettext_lazy("Amount"))
    starts_on = DayField(label=gettext_lazy("From"))
    until = LastDayField(label=gettext_lazy("Valid through"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


@entering("ledger.view")
@once
def temporary_credits(request: ActorRequest, book_id: UUID) -> HttpResponse:
    """Display the temporary credits of an account, and grant one as its seller."""
    actor = request.actor
    found = visible_book(actor, book_id)
    may_grant = found.seller_id == actor.party_id and actor.may("ledger.post")
    form = TemporaryCreditForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST":
        if not may_grant:
            raise Http404
        if form.is_valid():
            try:
                with transaction.atomic():
                    granted = grant_temporary_credit(
                        book_id=book_id, by=actor, at=timezone.now(), **form.cleaned_data
                    )
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            else:
                is_waiting = isinstance(granted, Approval)
                done = _("It waits for the approval of a second person.") if is_waiting else _("Granted.")
                messages.success(request, done)
                return redirect("book-temporary-credits", book_id=book_id)
    today = timezone.localdate()
    rows = [
        (row, row.ended_at is None and row.until > today)
        for row in TemporaryCredit.objects.filter(book_id=book_id).order_by("-starts_on", "-id")
    ]
    page = {"book": found, "form": form, "rows": rows, "may_grant": may_grant}
    return render(request, "ledger/temporary_credits.html", page, status=422 if form.errors else 200)


@entering("ledger.post")
@once
@require_POST
def end(request: ActorRequest, temporary_credit_id: UUID) -> HttpResponse:
    """End a temporary credit early."""
    found = get_visible_or_404(TemporaryCredit.objects, request.actor, id=temporary_credit_id)
    attempt(
        request,
        lambda: end_temporary_credit(temporary_credit_id=found.id, by=request.actor, at=timezone.now()),
        success=_("The temporary credit is ended."),
    )
    return redirect("book-temporary-credits", book_id=found.book_id)
