"""A list for these tests: products, with a column of each kind that matters."""

import django_filters
from django.http import QueryDict

from catalogue.models import Product
from kernel.refusals import Refusal
from ui.web.lists import Bulk, Column, ListPage
from ui.web.typed_filters import DayRangeFilter


class GoodsFilter(django_filters.FilterSet):
    stage = django_filters.ChoiceFilter(label="Stage", choices=Product.Stage.choices)
    since = DayRangeFilter(label="Since", method="of_days")

    class Meta:
        model = Product
        fields = ("stage",)

    def of_days(self, rows, name, value):
        return rows


def end_all(request, rows):
    if any(row.sku == "never" for row in rows):
        Product.objects.filter(id__in=[row.id for row in rows]).update(stage="ending")
        raise Refusal("never ends", messages=["never: it never ends", "S0001: it ends with never"])
    Product.objects.filter(id__in=[row.id for row in rows]).update(stage="ended")
    return ""


class Goods(ListPage):
    name = "test-goods"
    title = "Goods"
    search_hint = "SKU"
    filters = GoodsFilter
    order = "sku"
    size = 50
    columns = (
        Column("sku", "SKU", sort="sku"),
        Column("name", "Name", sort="name"),
        Column("brand", "Brand", value="brand__name", sort="brand__name"),
        Column("tax", "Tax", value="tax_rate", kind="percent", sort="tax_rate"),
        Column("stage", "Stage", value="get_stage_display", displayed=False),
    )
    bulk = (Bulk("end", "End", "catalogue.edit", end_all),)

    def rows(self):
        return Product.objects.visible_to(self.actor).select_related("brand")

    def search(self, rows, typed):
        return rows.filter(sku__startswith=typed)


def goods(actor, query=""):
    return Goods(actor, QueryDict(query))


def every_row(actor, query=""):
    """All rows by following the pages, and the pages."""
    page = goods(actor, query)
    pages = [page]
    while page.next_url:
        page = goods(actor, page.next_url[1:])
        pages.append(page)
    return [line.row.sku for page in pages for line in page.lines], pages
