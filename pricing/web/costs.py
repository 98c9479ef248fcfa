"""The dated costs of products: a list for the manufacturer's own people, and the form of one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Product
from kernel.refusals import Refusal
from pricing.models import ProductCost
from pricing.operations.costs import set_cost
from ui.queries.search import objects_like
from ui.web.lists import Column, Empty, ListPage
from ui.web.submit_once import once
from ui.web.typed_input import AmountField, DayField


class ProductCosts(ListPage):
    name = "product-costs"
    title = gettext_lazy("Product costs")
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    order = "product__sku"
    tall = True
    empty = Empty(
        gettext_lazy("No costs yet"),
        gettext_lazy("What a base unit costs you, from a day on. Partners never see it."),
        "tag",
        "product-cost-new",
        gettext_lazy("Set a cost"),
        "cost.edit",
    )
    columns = (
        Column(
            "product",
            gettext_lazy("Product"),
            "product__name",
            kind="name",
            sort="product__sku",
            under="product__sku",
        ),
        Column("cost", gettext_lazy("Cost of a base unit"), kind="price"),
        Column("starts_on", gettext_lazy("From"), kind="day", sort="starts_on"),
    )

    def rows(self) -> QuerySet[ProductCost]:
        found: QuerySet[ProductCost] = ProductCost.objects.visible_to(self.actor).select_related("product")
        return found

    def search(self, rows: QuerySet[ProductCost], typed: str) -> QuerySet[ProductCost]:
        return rows.filter(product__in=Product.objects.filter(objects_like("product", typed)))


class CostForm(forms.Form):
    sku = forms.CharField(label=gettext_lazy("SKU"), max_length=60)
    cost = AmountField(label=gettext_lazy("Cost of a base unit"), decimal_places=4, max_digits=14)
    starts_on = DayField(label=gettext_lazy("From"))


@entering("cost.edit")
@once
@require_http_methods(["GET", "POST"])
def edit(request: ActorRequest) -> HttpResponse:
    """Set the cost of a product from a day on."""
    form = CostForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                set_cost(**form.cleaned_data, by=request.actor, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The cost is saved."))
            return redirect("product-costs")
    return render(request, "pricing/cost_edit.html", {"form": form}, status=422 if form.errors else 200)
