"""The page of a seller's policy: what it compensates when its published prices fall."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from rebates.models import PriceProtectionPolicy
from rebates.models.price_drop import MAX_DAYS
from rebates.operations.price_drops.policies import set_policy
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, CountField

HUNDRED = Decimal(100)


class PolicyForm(forms.Form):
    is_active = forms.BooleanField(
        label=gettext_lazy("Compensate partners when our published prices fall"), required=False
    )
    lookback_days = CountField(label=gettext_lazy("Days looked back"), max_value=MAX_DAYS)
    share = AmountField(
        label=gettext_lazy("Share compensated %"),
        max_value=HUNDRED,
        help_text=gettext_lazy("of the difference"),
    )
    cap = AmountField(
        label=gettext_lazy("At most for one product of a partner"),
        required=False,
        help_text=gettext_lazy("empty: no limit"),
    )
    in_transit_included = forms.BooleanField(
        label=gettext_lazy("Goods in transit are compensated too"), required=False
    )
    reply_days = CountField(
        label=gettext_lazy("Days to reply"),
        max_value=90,
        help_text=gettext_lazy("Silence accepts the claim as computed."),
    )
    min_amount = AmountField(
        label=gettext_lazy("Least amount of a claim"), help_text=gettext_lazy("0: every claim is sent")
    )


@entering("price_drop.policy")
@once
def policy(request: ActorRequest) -> HttpResponse:
    """Display the policy of the actor's own sales, and save it."""
    stored = PriceProtectionPolicy.objects.visible_to(request.actor).first()
    row = stored or PriceProtectionPolicy(is_active=False)
    initial = {name: getattr(row, name) for name in PolicyForm.base_fields} | {"share": row.share * HUNDRED}
    form = PolicyForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data | {"share": form.cleaned_data["share"] / HUNDRED}
        try:
            with transaction.atomic():
                set_policy(policy=PriceProtectionPolicy(**given), by=request.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return redirect("price-protection")
    if request.method == "POST":
        status = 422
    page = {"form": form, "is_set": stored is not None, "title": _("Price-drop policy")}
    return render(request, "rebates/price_protection.html", page, status=status)
