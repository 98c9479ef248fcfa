"""The prices of one price list: its page and its export, which is read again as an upload."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from accounts.rights import MANUFACTURER
from approvals.queries import pending_for
from catalogue.models import Product
from pricing.models import PriceEntry, PriceList
from pricing.queries.audience_names import audience_names
from pricing.queries.costs import costs_on
from pricing.web.lists import audience_of, state_of, tax_basis_of, term_of
from ui.queries.search import objects_like
from ui.web.lists import Column, Empty, ListPage
from ui.web.shortcuts import get_visible_or_404

ROUND_TRIP = frozenset({"sku", "product", "price", "per", "min_qty", "advised"})
COST = "cost"


class Entries(ListPage):
    """The prices of the price list in the path."""

    name = "price-entries"
    title = gettext_lazy("Prices")
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    order = "product__sku"
    empty = Empty(gettext_lazy("No prices yet"), gettext_lazy("Type, paste or upload them."), "tag")
    columns = (
        Column("product", gettext_lazy("Product"), "product__name", kind="name", under="product__sku"),
        Column("sku", gettext_lazy("SKU"), "product__sku", kind="code", sort="product__sku", displayed=False),
        Column("price", gettext_lazy("Price"), kind="price", sort="price"),
        Column("per", gettext_lazy("per base units"), kind="whole"),
        Column("min_qty", gettext_lazy("From quantity"), kind="whole"),
        Column("advised", gettext_lazy("Advised resale price"), "advised_resale", kind="price"),
        Column(COST, gettext_lazy("Own cost"), lambda row: row.cost, kind="price"),
    )

    @cached_property
    def price_list(self) -> PriceList:
        rows = PriceList.objects.select_related("seller")
        found: PriceList = get_visible_or_404(rows, self.actor, id=self.kwargs["price_list_id"])
        return found

    def rows(self) -> QuerySet[PriceEntry]:
        return PriceEntry.objects.filter(price_list=self.price_list).select_related("product")

    def search(self, rows: QuerySet[PriceEntry], typed: str) -> QuerySet[PriceEntry]:
        return rows.filter(product__in=Product.objects.filter(objects_like("product", typed)))

    @cached_property
    def displays_cost(self) -> bool:
        """Return whether the list is the manufacturer's own and the actor may see what products cost."""
        own = self.actor.party_kind == MANUFACTURER and self.price_list.seller_id == self.actor.party_id
        return own and bool(self.actor.may("cost.view"))

    def offers(self, column: Column) -> bool:
        return column.key != COST or self.displays_cost

    @property
    def exported(self) -> list[Column]:
        """Return the columns that an upload reads, whatever the page displays, and no cost."""
        return [column for column in self.columns if column.key in ROUND_TRIP]

    def enrich(self, rows: list[Any]) -> None:
        if self.displays_cost:
            costs = costs_on(timezone.localdate(), [row.product_id for row in rows], self.actor)
            for row in rows:
                row.cost = cost_for(row, costs.get(row.product_id))

    def enrich_export(self, rows: list[Any]) -> None:
        """Leave out the costs: a spreadsheet of prices goes to others."""

    def more(self) -> dict[str, Any]:
        row = self.price_list
        versions = PriceList.objects.visible_to(self.actor).filter(seller_id=row.seller_id, code=row.code)
        return {
            "row": row,
            "waiting": pending_for(row, self.actor),
            "badge": state_of(row),
            "audience": audience_of(row, audience_names([row])),
            "tax_basis": tax_basis_of(row),
            "term": term_of(row),
            "versions": [(one, state_of(one)) for one in versions.order_by("-version")],
            "may_edit": self.actor.may("price.edit") and self.actor.party_id == row.seller_id,
            "is_foreign": self.actor.may("price.edit") and self.actor.party_id != row.seller_id,
        }


def cost_for(row: PriceEntry, cost: Decimal | None) -> Decimal | None:
    """Return the cost of as many base units as the price is for."""
    return None if cost is None else cost * row.per
