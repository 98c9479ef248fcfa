"""Pages that display, draft, publish and withdraw schemes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

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
from pricing.models import Scheme
from pricing.operations.schemes import (
    draft_scheme,
    edit_scheme,
    new_version,
    publish_scheme,
    withdraw_scheme,
)
from pricing.queries.audience_names import audience_names
from pricing.web.drafts import DraftPage, edit_draft, own_row
from pricing.web.lists import audience_of, state_of, term_of
from pricing.web.scheme_facts import conflict_rows, examples_of, figures_of
from pricing.web.scheme_form import SCHEME_FIELDS, SchemeForm
from pricing.web.scheme_terms import sentences_of, terms_from, typed_terms
from ui.web.actions import attempt
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once

ACTIONS: dict[str, tuple[Callable[..., Scheme | Approval], Any]] = {
    "publish": (publish_scheme, gettext_lazy("The scheme is in force.")),
    "withdraw": (withdraw_scheme, gettext_lazy("The scheme is withdrawn.")),
    "version": (new_version, gettext_lazy("A draft of the next version is made.")),
}


@entering("price.view")
@require_GET
def scheme(request: ActorRequest, scheme_id: UUID) -> HttpResponse:
    """Display a scheme."""
    actor = request.actor
    found = get_visible_or_404(Scheme.objects.select_related("seller"), actor, id=scheme_id)
    may_edit = actor.may("price.edit") and actor.party_id == found.seller_id
    page = {
        "row": found,
        "waiting": pending_for(found, actor),
        "badge": state_of(found),
        "audience": audience_of(found, audience_names([found])),
        "term": term_of(found),
        "sentences": sentences_of(found),
        "terms": found.terms,
        "may_edit": may_edit,
        "is_own": actor.acts_for(found.seller_id),
        # Examples use the seller's highest published price, which may be that of another buyer's list.
        "examples": examples_of(found) if actor.acts_for(found.seller_id) else [],
        "figures": figures_of(found, actor) if found.state != Scheme.State.DRAFT else None,
        "conflicts": conflict_rows(found) if may_edit and found.state == Scheme.State.DRAFT else [],
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
    if name == "price" and form.cleaned_data.get("kind") == Scheme.Kind.BUNDLE:
        name = "bundle_price"
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
    given = {"acknowledged": request.POST.getlist("acknowledged")} if action == "publish" else {}
    made = attempt(
        request,
        lambda: does(scheme_id=stored.id, by=actor, at=timezone.now(), **given),
        success=outcome(str(message)),
    )
    return redirect("scheme", scheme_id=made.id if isinstance(made, Scheme) else stored.id)


@entering("price.edit")
@require_POST
def example(request: ActorRequest) -> HttpResponse:
    """Return the worked example of what is typed in the form."""
    form = SchemeForm(request.POST)
    form.actor = request.actor
    form.is_valid()
    typed = form.cleaned_data | {"kind": request.POST.get("kind", "")}
    try:
        terms = terms_from(typed["kind"], typed)
        examples = examples_of(
            Scheme(seller_id=request.actor.party_id, code="-", kind=typed["kind"], terms=terms)  # type: ignore[misc]  # a party acts here
        )
    except Refusal:
        examples = []
    return render(request, "pricing/scheme_examples.html", {"examples": examples})
