"""The list of price limits, and the end of one."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Category, Product
from pricing.models import Limit
from pricing.operations.limits import BUYING_LEVELS, end_limit
from pricing.web.limit_form import own_limit
from pricing.web.lists import term_of
from ui.models import local_name
from ui.queries.search import objects_like
from ui.web.actions import attempt
from ui.web.filters import YesNoFilter
from ui.web.lists import Column, Empty, ListPage
from ui.web.local_names import place_name
from ui.web.submit_once import once

SCOPES = (
    ("product", gettext_lazy("one product")),
    ("category", gettext_lazy("a category")),
    ("all", gettext_lazy("all goods")),
)


def goods_of(limit: Limit) -> str:
    """Return the goods of a limit: the product's or category's name, or "all goods"."""
    if limit.product is not None:
        return str(limit.product.name)
    if limit.category is not None:
        return _("Category %(name)s") % {"name": local_name(limit.category)}
    return _("all goods")


def buyers_of(limit: Limit) -> str:
    """Return the buyers of a limit: level, region and contract, or "all buyers"."""
    parts = [limit.get_level_display()] if limit.level else []
    parts += [place_name(limit.region.full_name)] if limit.region else []
    parts += [_("contract %(code)s") % {"code": limit.contract_code}] if limit.contract_code else []
    return " · ".join(parts) or _("all buyers")


class LimitFilter(django_filters.FilterSet):
    action = django_filters.ChoiceFilter(choices=Limit.Action.choices, label=gettext_lazy("action"))
    scope = django_filters.ChoiceFilter(choices=SCOPES, method="of_scope", label=gettext_lazy("goods"))
    category = django_filters.ModelChoiceFilter(
        queryset=lambda request: Category.objects.order_by("code"), label=gettext_lazy("category")
    )
    level = django_filters.ChoiceFilter(
        choices=[(one.value, one.label) for one in BUYING_LEVELS], label=gettext_lazy("buyers of level")
    )
    in_force = YesNoFilter(method="of_force", label=gettext_lazy("in force today"))

    class Meta:
        model = Limit
        fields: ClassVar[list[str]] = []

    def of_scope(self, rows: QuerySet[Limit], name: str, value: str) -> QuerySet[Limit]:
        match value:
            case "product":
                return rows.filter(product__isnull=False)
            case "category":
                return rows.filter(category__isnull=False)
        return rows.filter(product__isnull=True, category__isnull=True)

    def of_force(self, rows: QuerySet[Limit], name: str, value: bool) -> QuerySet[Limit]:
        today = timezone.localdate()
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
        found = begun & (Q(until__isnull=True) | Q(until__gt=today))
        return rows.filter(found) if value else rows.exclude(found)


class Limits(ListPage):
    name = "limits"
    title = gettext_lazy("Price limits")
    filters = LimitFilter
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    order = "product__sku"
    tall = True
    empty = Empty(
        gettext_lazy("No price limit yet"),
        gettext_lazy("A floor or a ceiling for the net price at which you sell a product yourself."),
        "shield",
        "limit-new",
        gettext_lazy("Add a price limit"),
        "price.edit",
    )
    columns = (
        Column(
            "product",
            gettext_lazy("Goods"),
            goods_of,
            kind="name",
            sort="product__sku",
            under=lambda row: row.product.sku if row.product else "",
        ),
        Column("seller", gettext_lazy("Seller"), "seller__name"),
        Column("buyers", gettext_lazy("Buyers"), buyers_of),
        Column("clause", gettext_lazy("Clause")),
        Column("floor", gettext_lazy("Floor"), kind="price"),
        Column("ceiling", gettext_lazy("Ceiling"), kind="price"),
        Column("action", gettext_lazy("Outside the limit"), "get_action_display"),
        Column("term", gettext_lazy("In force"), term_of),
    )

    def rows(self) -> QuerySet[Limit]:
        found: QuerySet[Limit] = Limit.objects.visible_to(self.actor)
        return found.select_related("product", "category", "region", "seller")

    def search(self, rows: QuerySet[Limit], typed: str) -> QuerySet[Limit]:
        return rows.filter(product__in=Product.objects.filter(objects_like("product", typed)))

    def offers(self, column: Column) -> bool:
        return column.key != "seller" or self.actor.party_kind == MANUFACTURER

    def href(self, row: Limit) -> str:
        return reverse("limit", args=[row.id]) if row.seller_id == self.actor.party_id else ""

    def more(self) -> dict[str, Any]:
        return {"may_edit": self.actor.may("price.edit")}


@entering("price.edit")
@once
@require_POST
def end(request: ActorRequest, limit_id: UUID) -> HttpResponse:
    """End a limit today: it does not hold from today on."""
    actor, stored = request.actor, own_limit(request, limit_id)
    attempt(
        request,
        lambda: end_limit(limit_id=stored.id, on=timezone.localdate(), by=actor, at=timezone.now()),
        success=_("The price limit has ended."),
    )
    return redirect("limits")
