"""The page on which a draft is created or changed: a price list or a scheme."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.rights import Actor
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from pricing.models import PriceList, Scheme
from pricing.operations.sellers import must_price_for
from ui.edit_conflicts import ChangedMeanwhile, fingerprint, save_version
from ui.web.shortcuts import get_visible_or_404

MAX_PRIORITY = 2**31 - 1


class DraftForm(forms.Form):
    """A form of a draft; `actor` is who fills it."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What differs between the nouns.

    `read` returns the values of a stored draft by field, `save` writes those of the valid form, `show` adds
    the errors of a refusal to the form, `notice` says what was left out,
    `begin` returns the first values of a new draft; `url` is the name of the page of
    a stored row.
    """

    model: type[PriceList] | type[Scheme]
    form: type[DraftForm]
    template: str
    url: str
    read: Callable[[Any], dict[str, Any]]
    save: Callable[[Any, Any, Actor], Any]
    show: Callable[[Any, Refusal], None]
    notice: Callable[[Any], str] = lambda form: ""
    begin: Callable[[ActorRequest], dict[str, Any]] = lambda request: {}


def edit_draft(request: ActorRequest, page: DraftPage, row_id: UUID | None) -> HttpResponse:
    """Display and save the form of a draft. A refused form keeps what the user typed."""
    actor = request.actor
    stored = own_row(page.model, actor, row_id) if row_id else None
    initial = page.read(stored) if stored else page.begin(request)
    meanwhile, version = None, fingerprint(initial)
    form = page.form(request.POST or None, request.FILES or None, initial=initial)
    form.actor = actor
    if stored is not None:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                saved = save_version(
                    request,
                    form,
                    read=lambda: page.read(_locked(page.model, stored)) if stored else {},
                    save=lambda: page.save(stored, form, actor),
                )
        except ChangedMeanwhile as refusal:
            meanwhile, version = refusal, str(refusal.details["version"])
        except Refusal as refusal:
            page.show(form, refusal)
        else:
            messages.success(request, f"{_('The draft is saved.')} {page.notice(form)}".strip())
            return redirect(page.url, saved.id)
    context = {"form": form, "row": stored, "meanwhile": meanwhile, "version": version}
    status = 409 if meanwhile else 422 if form.errors else 200
    return render(request, page.template, context, status=status)


def own_row(model: type[PriceList] | type[Scheme], actor: Actor, row_id: UUID) -> Any:
    """Return a row of the actor's own sales. Raises Http404, or NotAllowed for the visible row of another."""
    found = get_visible_or_404(model.objects, actor, id=row_id)
    must_price_for(found.seller_id, by=actor)
    return found


def _locked(model: type[PriceList] | type[Scheme], stored: Any) -> Any:
    return get_object_or_404(model.objects.select_for_update(), id=stored.id)
