"""The form by which staff report visits, answers and other service until the rooms that know them do."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import GuaranteeTerm, Metric, ServiceFact
from alliance.operations.service_facts import COUNTED, TIMED, report_service_fact
from alliance.web.contracts import visible_contract
from ui.web.actions import attempt
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, CountField, DayField

MAX_FACTS = 50


class ServiceFactForm(forms.Form):
    """A visit, an answer or other service of a day."""

    metric = forms.ChoiceField(label=gettext_lazy("What was done"))
    on = DayField(label=gettext_lazy("Day"))
    quantity = CountField(
        label=gettext_lazy("How many"),
        required=False,
        initial=1,
        help_text=gettext_lazy("0: none was made"),
    )
    took = AmountField(
        label=gettext_lazy("Took"),
        required=False,
        help_text=gettext_lazy("hours of an answer, days of a replacement"),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        help_text=gettext_lazy("who says so, and where it is written"),
    )

    def __init__(self, *args: Any, metrics: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in (*COUNTED, *TIMED) if one in metrics]
        self.fields["metric"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


@once
def _service(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """List what was reported for a contract, and report more."""
    found = visible_contract(request.actor, contract_id)
    terms = GuaranteeTerm.objects.filter(contract__code=found.code, metric__in=[*COUNTED, *TIMED])
    metrics = list(terms.values_list("metric", flat=True).distinct())
    form = ServiceFactForm(request.POST or None, metrics=metrics, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        quantity = 1 if given["quantity"] is None else given["quantity"]
        reported = attempt(
            request,
            lambda: report_service_fact(
                contract_id=contract_id,
                metric=given["metric"],
                on=given["on"],
                quantity=quantity,
                took=given["took"] if given["metric"] in TIMED else None,
                note=given["note"].replace("\x00", ""),
                source=f"staff:{uuid4()}",
                by=request.actor,
                at=timezone.now(),
            ),
            success=_("Reported; it is measured at the end of its window."),
        )
        if reported is not None:
            return redirect("contract-service", contract_id=contract_id)
    facts = ServiceFact.objects.filter(contract__code=found.code).order_by("-on", "-id")[:MAX_FACTS]
    page = {
        "contract": found,
        "form": form,
        "metrics": [Metric(one).label for one in metrics],
        "facts": facts,
    }
    is_wrong = request.method == "POST"
    return render(request, "alliance/service.html", page, status=422 if is_wrong else 200)


service = entering("service.report")(_service)
