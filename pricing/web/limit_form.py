"""The form of a price limit: goods and buyers are picked by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.models import Contract
from alliance.queries.taken_regions import find_regions
from catalogue.models import Category, Product
from catalogue.queries import find_products, products_named
from dealers.models import Party, Region
from dealers.queries.parties import parties_like
from kernel.refusals import Refusal
from pricing.models import Limit
from pricing.operations.limits import BUYING_LEVELS, set_limit
from ui.edit_conflicts import ChangedMeanwhile, fingerprint, save_version
from ui.web.last_days import LastDayField
from ui.web.picks import PickInput, code_in_brackets
from ui.web.shortcuts import get_visible_or_404
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, DayField

FIELDS = ("clause", "floor", "ceiling", "action", "level", "starts_on", "until")
MAX_OFFERS, MAX_TYPED = 8, 200


class LimitForm(forms.Form):
    clause = forms.CharField(
        label=gettext_lazy("Clause"),
        max_length=60,
        help_text=gettext_lazy("Where the limit comes from: a contract's clause or a rule of your own."),
    )
    product = forms.CharField(
        label=gettext_lazy("Product"),
        max_length=300,
        required=False,
        widget=PickInput("limit-find", "product"),
        help_text=gettext_lazy("Name, SKU or barcode. Without a product and a category it is for all goods."),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=gettext_lazy("or category"),
        required=False,
        help_text=gettext_lazy("With the categories below it."),
    )
    floor = AmountField(label=gettext_lazy("Floor"), decimal_places=4, max_digits=14, required=False)
    ceiling = AmountField(label=gettext_lazy("Ceiling"), decimal_places=4, max_digits=14, required=False)
    action = forms.ChoiceField(label=gettext_lazy("Outside the limit"), choices=Limit.Action.choices)
    level = forms.ChoiceField(
        label=gettext_lazy("Only for buyers of level"),
        choices=[("", gettext_lazy("all levels")), *((one.value, one.label) for one in BUYING_LEVELS)],
        required=False,
    )
    region = forms.CharField(
        label=gettext_lazy("Only for buyers in region"),
        max_length=300,
        required=False,
        widget=PickInput("limit-find", "region"),
        help_text=gettext_lazy("With the regions inside it."),
    )
    contract = forms.CharField(
        label=gettext_lazy("Only for contract"),
        max_length=300,
        required=False,
        widget=PickInput("limit-find", "contract"),
        help_text=gettext_lazy("The contract's code or the name of its member."),
    )
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    until = LastDayField(label=gettext_lazy("Valid through"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["category"]
        field.queryset = Category.objects.order_by("code")

    def clean_product(self) -> Product | None:
        typed: str = self.cleaned_data["product"].strip()
        if not typed:
            return None
        code = code_in_brackets(typed)
        found, _unknown = products_named([typed, code])
        product = found.get(typed) or found.get(code)
        if product is None:
            raise forms.ValidationError(_("No single product has this SKU, barcode or name."))
        return product

    def clean_region(self) -> Region | None:
        code = code_in_brackets(self.cleaned_data["region"])
        if not code:
            return None
        rows = list(Region.objects.filter(Q(code=code) | Q(full_name=code) | Q(name=code))[:2])
        if len(rows) != 1:
            raise forms.ValidationError(_("No single region has this name or code."))
        return rows[0]

    def clean_contract(self) -> str:
        return code_in_brackets(self.cleaned_data["contract"])


@entering("price.edit")
@require_GET
def find(request: ActorRequest) -> HttpResponse:
    """Return what a field of the form offers for the typed text."""
    name, kind = request.GET.get("name", ""), request.GET.get("kind", "")
    typed = request.GET.get(name, "").replace("\x00", "").strip()[:MAX_TYPED]
    return render(request, "kit/picks.html", {"picks": _offers(kind, typed, request.actor) if typed else []})


def _offers(kind: str, typed: str, actor: Actor) -> list[str]:
    if kind == "product":
        return [f"{one.title} ({one.subtitle})" for one in find_products(actor, typed, MAX_OFFERS)]
    if kind == "region":
        return [f"{one.full_name} ({one.code})" for one in find_regions(typed, MAX_OFFERS)]
    if kind != "contract":
        return []
    rows = Contract.objects.visible_to(actor).filter(
        Q(dealer=actor.party_id) | Q(manufacturer=actor.party_id)
    )
    members = parties_like(Party.objects.all(), typed).values("id")
    named = rows.filter(Q(code__istartswith=typed) | Q(member__in=members)).select_related("member")
    offers = {one.code: f"{one.member.name} ({one.code})" for one in named.order_by("code")[: 3 * MAX_OFFERS]}
    return list(offers.values())[:MAX_OFFERS]


@entering("price.edit")
@once
def edit(request: ActorRequest, limit_id: UUID | None = None) -> HttpResponse:
    """Add a limit of the own sales, or change one."""
    stored = own_limit(request, limit_id) if limit_id else None
    initial = _values(stored) if stored else {}
    meanwhile, version = None, fingerprint(initial)
    form = LimitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                save_version(
                    request,
                    form,
                    read=lambda: _values(own_limit(request, stored.id)) if stored else {},
                    save=lambda: _save(request, stored, form.cleaned_data),
                )
        except ChangedMeanwhile as refusal:
            meanwhile, version = refusal, str(refusal.details["version"])
        except Refusal as refusal:
            field = {"contract_code": "contract"}.get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The price limit is saved."))
            return redirect("limits")
    page = {"form": form, "row": stored, "meanwhile": meanwhile, "version": version}
    return render(request, "pricing/limit_edit.html", page, status=422 if form.errors else 200)


def own_limit(request: ActorRequest, limit_id: UUID) -> Limit:
    """Return a limit of the actor's own sales. Raises Http404."""
    rows = Limit.objects.select_related("product", "category", "region")
    found: Limit = get_visible_or_404(rows, request.actor, id=limit_id, seller_id=request.actor.party_id)
    return found


def _values(stored: Limit) -> dict[str, Any]:
    return {name: getattr(stored, name) for name in FIELDS} | {
        "product": f"{stored.product.name} ({stored.product.sku})" if stored.product else "",
        "category": stored.category_id,
        "region": f"{stored.region.full_name} ({stored.region.code})" if stored.region else "",
        "contract": stored.contract_code,
    }


def _save(request: ActorRequest, stored: Limit | None, typed: dict[str, Any]) -> Limit:
    limit = stored or Limit(seller_id=request.actor.party_id)  # type: ignore[misc]  # a party's person
    limit.product, limit.category, limit.region = typed["product"], typed["category"], typed["region"]
    limit.contract_code = typed["contract"]
    for name in FIELDS:
        setattr(limit, name, typed[name])
    return set_limit(limit=limit, by=request.actor, at=timezone.now())
