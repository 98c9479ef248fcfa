"""Pages that display, draft, publish and withdraw schemes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from approvals.models import Approval
from approvals.queries import outcome, pending_for
from kernel.refusals import Refusal
from pricing.models import AudienceKind, Scheme
from pricing.operations.schemes import draft_scheme, edit_scheme, publish_scheme, withdraw_scheme
from pricing.queries.audience_names import audience_names
from pricing.web.drafts import MAX_PRIORITY, DraftForm, DraftPage, edit_draft, own_row
from pricing.web.lists import audience_of, state_of, term_of
from pricing.web.scheme_terms import MODE_NAMES, sentences_of, terms_from, typed_terms
from ui.web.actions import attempt
from ui.web.last_days import LastDayField
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, CountField, DayField

ACTIONS: dict[str, tuple[Callable[..., Scheme | Approval], Any]] = {
    "publish": (publish_scheme, gettext_lazy("The scheme is in force.")),
    "withdraw": (withdraw_scheme, gettext_lazy("The scheme is withdrawn.")),
}
SCHEME_FIELDS = (
    "code",
    "name",
    "kind",
    "audience_kind",
    "audience_value",
    "priority",
    "exclusive_group",
    "starts_on",
    "until",
)


class SchemeForm(DraftForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Scheme.Kind.choices)
    audience_kind = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=AudienceKind.choices, initial=AudienceKind.EVERYONE
    )
    audience_value = forms.CharField(label=gettext_lazy("Its code"), max_length=60, required=False)
    priority = CountField(label=gettext_lazy("Priority"), initial=0, min_value=0, max_value=MAX_PRIORITY)
    exclusive_group = forms.CharField(
        label=gettext_lazy("Exclusive group"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Of the schemes of one group only the best for the buyer counts."),
    )
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    until = LastDayField(label=gettext_lazy("Valid through"), required=False)
    skus = forms.CharField(
        label=gettext_lazy("Goods (SKUs; none means all)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    price = AmountField(label=gettext_lazy("Special price"), required=False, decimal_places=4, max_digits=14)
    measure = forms.ChoiceField(
        label=gettext_lazy("Steps count"),
        required=False,
        choices=[("", gettext_lazy("amount")), ("quantity", gettext_lazy("quantity"))],
    )
    steps = forms.CharField(
        label=gettext_lazy("Steps"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line: from how much, then 2%, or 300."),
    )
    buy = CountField(label=gettext_lazy("Buy"), required=False, min_value=1)
    free = CountField(label=gettext_lazy("get free"), required=False, min_value=1)
    mode = forms.ChoiceField(
        label=gettext_lazy("Free goods are counted"),
        required=False,
        choices=MODE_NAMES,
        help_text=gettext_lazy(
            "Buy 8, get 2, and 20 are bought: 4 for each full 8, 5 in proportion, none for full multiples."
        ),
    )
    gift_sku = forms.CharField(label=gettext_lazy("Gift, if another product"), required=False, max_length=60)
    cap = CountField(label=gettext_lazy("Free at most"), required=False, min_value=0)


@entering("price.view")
@require_GET
def scheme(request: ActorRequest, scheme_id: UUID) -> HttpResponse:
    """Display a scheme."""
    actor = request.actor
    found = get_visible_or_404(Scheme.objects.select_related("seller"), actor, id=scheme_id)
    page = {
        "row": found,
        "waiting": pending_for(found, actor),
        "badge": state_of(found),
        "audience": audience_of(found, audience_names([found])),
        "term": term_of(found),
        "sentences": sentences_of(found),
        "terms": found.terms,
        "may_edit": actor.may("price.edit") and actor.party_id == found.seller_id,
    }
    return render(request, "pricing/scheme.html", page)


def _values(stored: Scheme) -> dict[str, Any]:
    return {name: getattr(stored, name) for name in SCHEME_FIELDS} | typed_terms(stored)


def _save(stored: Scheme | None, form: SchemeForm, actor: Actor) -> Scheme:
    typed = form.cleaned_data
    terms = terms_from(typed["kind"], typed)
    given = {name: typed[name] for name in SCHEME_FIELDS} | {"terms": terms}
    if stored is None:
        return draft_scheme(
            scheme=Scheme(seller_id=actor.party_id, **given),  # type: ignore[misc]  # fields by name
            by=actor,
            at=timezone.now(),
        )
    for name, value in given.items():
        setattr(stored, name, value)
    return edit_scheme(scheme=stored, by=actor, at=timezone.now())


def _show_error(form: SchemeForm, refusal: Refusal) -> None:
    name = (refusal.field or "").removeprefix("terms.").split("[")[0]
    form.add_error(name if name in form.fields else None, refusal.message)


PAGE = DraftPage(Scheme, SchemeForm, "pricing/scheme_edit.html", "scheme", _values, _save, _show_error)


@entering("price.edit")
@once
def edit(request: ActorRequest, scheme_id: UUID | None = None) -> HttpResponse:
    """Create or change a draft of a scheme."""
    return edit_draft(request, PAGE, scheme_id)


@entering("price.edit")
@once
@require_POST
def run_action(request: ActorRequest, scheme_id: UUID, action: str) -> HttpResponse:
    """Publish or withdraw a scheme."""
    if action not in ACTIONS:
        raise Http404
    actor = request.actor
    stored, (does, message) = own_row(Scheme, actor, scheme_id), ACTIONS[action]
    attempt(
        request,
        lambda: does(scheme_id=stored.id, by=actor, at=timezone.now()),
        success=outcome(str(message)),
    )
    return redirect("scheme", scheme_id=stored.id)
