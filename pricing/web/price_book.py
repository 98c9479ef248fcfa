"""The price book as a list: a buyer's own prices, or for the seller's people those of one buyer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import MANUFACTURER
from catalogue.models import Category, Product
from catalogue.queries import packings_of, products_like
from dealers.models import Party
from kernel.quantities import Packing
from pricing.domain.price_book import PriceBreak
from pricing.queries.price_book import BookPrice, priced_products, prices_of
from pricing.queries.trade_parties import ProductFacts, TradeParties, two_parties
from pricing.queries.traders import day_of_prices, may_look_ahead, quote_parties
from pricing.queries.why import Named, lists_named, schemes_named
from ui.models import local_name
from ui.queries.search import objects_like
from ui.web.components import Badge
from ui.web.joined_lists import join_list
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.local_names import unit_name
from ui.web.numbers import grouped, number
from ui.web.typed_filters import DayFilter

MAX_CATEGORY_TABS = 8


def categories(request: Any) -> QuerySet[Category]:
    return Category.objects.order_by("code")


class PriceBookFilter(django_filters.FilterSet):
    category = django_filters.ModelChoiceFilter(queryset=categories, label=gettext_lazy("category"))
    on = DayFilter(method="_of_the_book", label=gettext_lazy("day"))

    class Meta:
        model = Product
        fields: ClassVar[list[str]] = []

    def _of_the_book(self, rows: QuerySet[Product], name: str, value: Any) -> QuerySet[Product]:
        """Leave the rows as they are: the book itself is that of the day."""
        return rows


class PriceBook(ListPage):
    """The products that are priced for a buyer: the party in the path, or the actor's own."""

    name = "price-book"
    filters = PriceBookFilter
    search_hint = gettext_lazy("name, pinyin initials, SKU, barcode")
    order = "sku"
    tall = True
    empty = Empty(
        gettext_lazy("No prices on this day"),
        gettext_lazy("No published price list of the seller includes this buyer."),
        "tag",
    )
    columns = (
        Column("name", gettext_lazy("Product"), kind="name", sort="name", under="sku"),
        Column("sku", gettext_lazy("SKU"), kind="code", sort="sku", displayed=False),
        Column("category", gettext_lazy("Category"), lambda row: local_name(row.category), phone="hidden"),
        Column("price", gettext_lazy("Price"), lambda row: row.price, kind="price", phone="figure"),
        Column("per", gettext_lazy("Per"), lambda row: row.per, phone="second"),
        Column("in_units", gettext_lazy("Per ordering unit"), lambda row: row.in_units, phone="hidden"),
        Column("breaks", gettext_lazy("Quantity breaks"), lambda row: row.breaks, phone="second"),
        Column(
            "price_list",
            gettext_lazy("Price list"),
            lambda row: row.list_name,
            under=lambda row: row.list_code,
            phone="hidden",
        ),
        Column("schemes", gettext_lazy("Schemes"), lambda row: row.schemes, phone="hidden"),
        Column("state", gettext_lazy("Availability"), lambda row: row.state, kind="state"),
    )

    @property
    def title(self) -> str:  # type: ignore[override]  # the book of another party has another title
        is_own = self.kwargs.get("party_id") in (None, self.actor.party_id)
        return _("My prices") if is_own else _("Price book")

    @cached_property
    def tabs(self) -> Sequence[Tab]:  # type: ignore[override]  # the tenant's categories
        rows = Category.objects.order_by("code")[:MAX_CATEGORY_TABS]
        found = [Tab(local_name(one), f"category={one.id}") for one in rows]
        return [Tab(gettext_lazy("All")), *found] if len(found) > 1 else []

    @cached_property
    def parties(self) -> TradeParties:
        """Return seller and buyer. Raise UnknownParty for a buyer whose prices the actor may not see."""
        buyer = self.kwargs.get("party_id")
        seller_id, buyer_id = quote_parties(
            buyer=str(buyer) if buyer else None, seller=None, actor=self.actor
        )
        return two_parties(seller_id=seller_id, buyer_id=buyer_id, on=timezone.localdate())

    @cached_property
    def on(self) -> date:
        """Return the day of the book; for a buyer today at the latest."""
        seller, _buyer = self.parties
        today = timezone.localdate()
        form = self.filters(self.data, Product.objects.none(), request=self).form
        requested = form.cleaned_data.get("on") if form.is_valid() else None
        if requested is not None and not may_look_ahead(self.actor, seller.id):
            requested = min(requested, today)
        return day_of_prices(requested, seller_id=seller.id, actor=self.actor, today=today)

    @cached_property
    def parties_on(self) -> TradeParties:
        """Return the parties with the contract that is in force on the day of the book."""
        seller, buyer = self.parties
        if self.on == timezone.localdate():
            return self.parties
        return two_parties(seller_id=seller.id, buyer_id=buyer.id, on=self.on)

    @cached_property
    def _priced(self) -> QuerySet[Product]:
        return priced_products(self.parties_on, on=self.on).select_related("category")

    def rows(self) -> QuerySet[Product]:
        return self._priced

    def search(self, rows: QuerySet[Product], typed: str) -> QuerySet[Product]:
        return products_like(rows, typed)

    def enrich(self, rows: list[Any]) -> None:
        """Add the prices of the rows; seven statements at most."""
        products = [ProductFacts(one.id, one.sku, one.name, one.tax_rate) for one in rows]
        prices = prices_of(self.parties_on, products, on=self.on)
        packings = packings_of(one.id for one in rows)
        seller, _buyer = self.parties
        codes = {one.price_list for price in prices.values() for one in price.breaks}
        lists = lists_named(seller.id, sorted(codes), self.on)
        scheme_codes = {code for price in prices.values() for code in price.schemes}
        schemes = schemes_named(seller.id, sorted(scheme_codes), self.on)
        for row in rows:
            _fill(row, prices[row.sku], packings.get(row.id) or Packing(row.base_unit, ()), lists, schemes)

    def href(self, row: Any) -> str:
        seller, buyer = self.parties
        query = {"buyer": buyer.code, "seller": seller.code, "sku": row.sku, "qty": row.from_qty}
        if self.on != timezone.localdate():
            query["on"] = self.on.isoformat()
        return f"{reverse('price-why')}?{urlencode(query)}"

    def mood(self, row: Any) -> tuple[str, str]:
        return ("warn", row.reason) if row.reason else ("", "")

    def more(self) -> dict[str, Any]:
        seller, buyer = self.parties
        is_own = self.actor.acts_for(buyer.id)
        return {
            "seller": seller,
            "buyer": buyer,
            "is_own": is_own,
            "on": self.on,
            "today": timezone.localdate(),
        }


def _fill(
    row: Any, price: BookPrice, packing: Packing, lists: dict[str, Named], schemes: dict[str, Named]
) -> None:
    first, *others = price.breaks
    row.from_qty, row.price, row.per = first.from_qty, first.unit_price, _per(first, packing)
    row.in_units = _in_ordering_unit(first, packing)
    row.breaks = join_list(_break(one, packing) for one in (price.breaks if first.from_qty > 1 else others))
    named = lists.get(first.price_list)
    row.list_name = (named.name if named else "") or first.price_list
    row.list_code = f"{first.price_list} v{named.version}" if named else first.price_list
    row.schemes = join_list(_name(schemes.get(code), code) for code in price.schemes)
    row.reason = price.unavailable.message if price.unavailable else ""
    row.state = Badge(_("cannot be ordered"), "warn", "ban") if row.reason else Badge(_("for sale"), "good")


def _name(named: Named | None, code: str) -> str:
    return named.name if named and named.name else code


def _per(one: PriceBreak, packing: Packing) -> str:
    unit = unit_name(packing.base_unit, one.per)
    return unit if one.per == 1 else f"{number(one.per)} {unit}"


def _break(one: PriceBreak, packing: Packing) -> str:
    """Return "≥ 240 瓶 4.80", in the price list's own unit of price."""
    unit = unit_name(packing.base_unit, one.from_qty)
    return f"≥ {number(one.from_qty)} {unit} {number(one.unit_price)}"


def _in_ordering_unit(one: PriceBreak, packing: Packing) -> str:
    """Return the price of the smallest larger unit, "60.00 / 箱"; "" without one."""
    if not packing.units:
        return ""
    name, factor = min(packing.units, key=lambda unit: unit[1])
    each = one.unit_price * factor / one.per
    return f"{grouped(each, 2)} / {unit_name(name)}"


class PriceBookBuyers(ListPage):
    """The parties whose price book the actor may open: those it supplies, for the manufacturer all."""

    name = "price-book-buyers"
    title = gettext_lazy("Price books")
    search_hint = gettext_lazy("name, pinyin initials, code")
    order = "code"
    exports = False
    empty = Empty(gettext_lazy("No buyer yet"), "", "users")
    columns = (
        Column("name", gettext_lazy("Buyer"), kind="name", sort="name", under="code"),
        Column("kind", gettext_lazy("Kind"), "get_kind_display"),
        Column("supplier", gettext_lazy("Supplier"), "parent__name"),
    )

    def rows(self) -> QuerySet[Party]:
        found: QuerySet[Party] = Party.objects.visible_to(self.actor).filter(is_active=True)
        buyers = found.exclude(kind=MANUFACTURER).exclude(id=self.actor.party_id)
        if self.actor.party_kind != MANUFACTURER:
            buyers = buyers.filter(parent_id=self.actor.party_id)
        return buyers.select_related("parent")

    def search(self, rows: QuerySet[Party], typed: str) -> QuerySet[Party]:
        return rows.filter(objects_like("party", typed))

    def href(self, row: Party) -> str:
        return reverse("price-book-of", args=[row.id])
