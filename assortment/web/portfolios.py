"""The list of portfolios, the form of one with its channels, and its products."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from assortment.operations.channels import set_channels
from catalogue.models import Portfolio, Product
from catalogue.operations.portfolios import add_products, remove_products, save_portfolio
from catalogue.queries import products_named
from catalogue.web.labels import stage_state
from dealers.models import Channel
from kernel.refusals import Refusal
from kernel.spreadsheets import Meaning, plain_row, read_headings
from ui.web.actions import attempt
from ui.web.last_days import DAY, LastDayField
from ui.web.lists import Column, Empty, ListPage
from ui.web.submit_once import once
from ui.web.typed_input import DayField
from ui.web.uploads import uploaded_rows

MAX_DISPLAYED, MAX_NAMED = 300, 10
PRODUCT_COLUMNS = (Meaning.SKU, Meaning.BARCODE, Meaning.NAME)


def term_of(row: Portfolio) -> str:
    """Return the first and last day of a portfolio."""
    if row.starts_on is None and row.until is None:
        return _("always")
    start = date_format(row.starts_on, "SHORT_DATE_FORMAT") if row.starts_on else ""
    end = date_format(row.until - DAY, "SHORT_DATE_FORMAT") if row.until else ""
    return f"{start} – {end}".strip()


def channels_of(row: Portfolio) -> str:
    """Return the names of the channels that order from a portfolio."""
    return "、".join(one.channel.name for one in row.channels.all())


class Portfolios(ListPage):
    name = "portfolios"
    title = gettext_lazy("Portfolios")
    order = "code"
    search_hint = gettext_lazy("code or name")
    empty = Empty(
        gettext_lazy("No portfolio yet"),
        gettext_lazy("A portfolio limits what the buyers of a channel can order."),
        "package",
        "portfolio-new",
        gettext_lazy("Add a portfolio"),
        "catalogue.edit",
    )
    columns = (
        Column("name", gettext_lazy("Portfolio"), kind="name", sort="name", under="code"),
        Column("channels", gettext_lazy("Channels"), channels_of),
        Column("count", gettext_lazy("Products"), kind="whole"),
        Column("term", gettext_lazy("In force"), term_of),
        Column("code", gettext_lazy("Code"), kind="code", sort="code", displayed=False),
    )

    def rows(self) -> QuerySet[Portfolio]:
        found: QuerySet[Portfolio] = (
            Portfolio.objects.visible_to(self.actor)
            .annotate(count=Count("products"))
            .prefetch_related("channels__channel")
        )
        return found

    def search(self, rows: QuerySet[Portfolio], typed: str) -> QuerySet[Portfolio]:
        return rows.filter(name__icontains=typed) | rows.filter(code__icontains=typed)

    def href(self, row: Portfolio) -> str:
        return reverse("portfolio", args=[row.id])


class PortfolioForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    starts_on = DayField(label=gettext_lazy("From"), required=False)
    until = LastDayField(label=gettext_lazy("Valid through"), required=False)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Buyers of these channels order only products of their portfolios in force."
            " Buyers of channels without any order everything."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = Channel.objects.order_by("code").values_list("code", "name")
        self.fields["channels"].choices = list(rows)  # type: ignore[attr-defined]  # of a choice field


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@once
def edit(request: ActorRequest, portfolio_id: UUID | None = None) -> HttpResponse:
    """Create a portfolio or change one; its page also lists its products."""
    stored = get_object_or_404(Portfolio.objects, id=portfolio_id) if portfolio_id else None
    form = PortfolioForm(request.POST or None, initial=_values(stored) if stored else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        codes = typed.pop("channels")
        now = timezone.now()
        try:
            with transaction.atomic():
                saved = save_portfolio(**typed, portfolio_id=portfolio_id, by=request.actor, at=now)
                set_channels(portfolio_id=saved.id, codes=codes, by=request.actor, at=now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The portfolio is saved."))
            return redirect("portfolio", portfolio_id=saved.id)
    page = {"form": form, "row": stored} | (_products(stored) if stored else {})
    return render(request, "assortment/portfolio.html", page, status=422 if form.errors else 200)


def _values(row: Portfolio) -> dict[str, Any]:
    codes = list(row.channels.values_list("channel__code", flat=True))
    values = {"code": row.code, "name": row.name, "starts_on": row.starts_on, "until": row.until}
    return values | {"channels": codes}


def _products(row: Portfolio) -> dict[str, Any]:
    products = Product.objects.filter(portfolios__portfolio=row).select_related("category").order_by("sku")
    displayed = list(products[: MAX_DISPLAYED + 1])
    count = products.count() if len(displayed) > MAX_DISPLAYED else len(displayed)
    return {
        "products": [{"product": one, "stage": stage_state(one)} for one in displayed[:MAX_DISPLAYED]],
        "count": count,
        "more": max(count - MAX_DISPLAYED, 0),
    }


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@require_POST
@once
def add(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    """Add the products that are typed, pasted or uploaded; what is unknown is named and left out."""
    get_object_or_404(Portfolio.objects, id=portfolio_id)

    def action() -> tuple[int, list[str]]:
        found, unknown = products_named(_references(request))
        now = timezone.now()
        products = list(found.values())
        return add_products(portfolio_id=portfolio_id, products=products, by=request.actor, at=now), unknown

    done = attempt(request, action)
    if done is not None:
        added, unknown = done
        text = ngettext("%(n)d product added.", "%(n)d products added.", added) % {"n": added}
        messages.success(request, text)
        if unknown:
            named = "、".join(unknown[:MAX_NAMED]) + ("…" if len(unknown) > MAX_NAMED else "")
            message = _("%(n)s not found, left out: %(named)s")
            messages.warning(request, message % {"n": len(unknown), "named": named})
    return redirect("portfolio", portfolio_id=portfolio_id)


def _references(request: ActorRequest) -> list[str]:
    """Return what names a product in each row of the text and of the file."""
    text = request.POST.get("products", "").replace("\x00", "")
    references = [line.split("\t")[0].strip()[:200] for line in text.splitlines()]
    headings = None
    for row in uploaded_rows(request.FILES.get("file")):
        cells = plain_row(row).cells
        if headings is None:
            read = read_headings(cells)
            if read.names(PRODUCT_COLUMNS):
                headings = read
                continue
        reference = headings.reference(cells)[1] if headings else next((one for one in cells if one), "")
        references.append(reference.strip()[:200])
    return [one for one in references if one]


@entering("catalogue.edit", kinds=(MANUFACTURER,))
@require_POST
@once
def remove(request: ActorRequest, portfolio_id: UUID) -> HttpResponse:
    """Take the chosen products out of the portfolio."""
    get_object_or_404(Portfolio.objects, id=portfolio_id)
    skus = request.POST.getlist("sku")[:MAX_DISPLAYED]
    attempt(
        request,
        lambda: remove_products(portfolio_id=portfolio_id, skus=skus, by=request.actor, at=timezone.now()),
        success=lambda n: ngettext("%(n)d product removed.", "%(n)d products removed.", n) % {"n": n},
    )
    return redirect("portfolio", portfolio_id=portfolio_id)
