"""The list of all findings of the last dry run of a price list, with its export."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from pricing.models import DryRunFinding, PriceList
from pricing.queries.dry_run.pages import sentence_of
from pricing.queries.dry_run.runs import latest_run
from tenancy.rooms import price_list_checks
from ui.web.components import Badge
from ui.web.lists import Column, Empty, ListPage
from ui.web.shortcuts import get_visible_or_404


def kinds() -> list[tuple[str, Any]]:
    return [(code, check.label) for code, check in price_list_checks().items()]


def severity(finding: DryRunFinding) -> Badge | str:
    return Badge(gettext_lazy("breaking"), "bad", "alert-circle") if finding.is_breaking else ""


class FindingFilter(django_filters.FilterSet):
    kind = django_filters.MultipleChoiceFilter(choices=kinds, label=gettext_lazy("finding"))
    is_breaking = django_filters.BooleanFilter(label=gettext_lazy("breaking"))

    class Meta:
        model = DryRunFinding
        fields: ClassVar[list[str]] = []


class DryRunFindings(ListPage):
    """The findings of the last dry run of the price list in the path."""

    name = "dry-run-findings"
    title = gettext_lazy("Findings of the dry run")
    filters = FindingFilter
    order = "id"
    empty = Empty(gettext_lazy("Nothing found"), gettext_lazy("Run the dry run of the draft."), "list-check")
    columns = (
        Column(
            "kind",
            gettext_lazy("Finding"),
            lambda row: str(dict(kinds()).get(row.kind, row.kind)),
            kind="name",
        ),
        Column("severity", gettext_lazy("Severity"), severity, kind="state"),
        Column("sku", gettext_lazy("SKU"), "product__sku", kind="code"),
        Column("product", gettext_lazy("Product"), "product__name"),
        Column("party", gettext_lazy("Partner"), "party__name"),
        Column("sentence", gettext_lazy("What happens"), sentence_of),
        Column("amount", gettext_lazy("Amount"), kind="money", sort="amount"),
    )

    @cached_property
    def price_list(self) -> PriceList:
        rows = PriceList.objects.select_related("seller")
        found: PriceList = get_visible_or_404(
            rows, self.actor, id=self.kwargs["price_list_id"], seller_id=self.actor.party_id
        )
        return found

    def rows(self) -> QuerySet[DryRunFinding]:
        run = latest_run(self.price_list)
        visible: QuerySet[DryRunFinding] = DryRunFinding.objects.visible_to(self.actor)
        return visible.filter(dry_run=run).select_related("product", "party")

    def more(self) -> dict[str, Any]:
        return {"row": self.price_list}
