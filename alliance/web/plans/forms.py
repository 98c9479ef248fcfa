"""The grid of a plan's targets: rows as typed or from a spreadsheet, with messages beside the fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from alliance.domain.plan_sheet import columns_of, is_complete, metric_of
from alliance.models import ChannelPlan, PlanMetric, PlanTarget
from alliance.operations.plans.drafting import MAX_TARGETS, NewTarget
from catalogue.models import Category, Portfolio
from dealers.models import Channel, Region
from kernel.refusals import Refusal
from kernel.spreadsheets import Row as SheetRow
from kernel.spreadsheets import plain_row
from kernel.typed_input import UnreadableInput, read_amount
from ui.web.joined_lists import join_list
from ui.web.typed_input import reason_of

COLUMNS = ("region", "metric", "channel", "category", "portfolio", "annual", "months")
FIELD = re.compile(r"^targets\[(\d+)\]\.(\w+)$", re.ASCII)
MONTH_BREAK = re.compile(r"[\s;；、|]+")
MORE_ROWS, MAX_CHARACTERS, MAX_TITLE_ROWS = 4, 300, 10


@dataclass
class Row:
    """A typed target; `wrong` has the messages by column."""

    values: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    place: int = 0

    @property
    def is_blank(self) -> bool:
        return not any(value for name, value in self.values.items() if name != "metric")


@dataclass
class TypedTargets:
    rows: list[Row]
    wrong: str = ""

    @classmethod
    def read(cls, data: Any) -> TypedTargets:
        """Read the submitted grid, without empty rows."""
        columns = [data.getlist(f"target-{name}")[: MAX_TARGETS + 1] for name in COLUMNS]
        length = max(map(len, columns))
        padded = [[*column, *[""] * (length - len(column))] for column in columns]
        rows = [Row(dict(zip(COLUMNS, map(_clean, row), strict=True))) for row in zip(*padded, strict=True)]
        return cls([row for row in rows if not row.is_blank]).numbered()

    @classmethod
    def of_plan(cls, plan: ChannelPlan) -> TypedTargets:
        """Return the stored targets as they are typed."""
        rows = PlanTarget.objects.filter(plan=plan).select_related(
            "region", "channel", "category", "portfolio"
        )
        return cls([Row(_as_typed(one)) for one in rows.order_by("metric", "region_id", "id")]).numbered()

    @classmethod
    def of_sheet(cls, rows: Sequence[SheetRow]) -> TypedTargets:
        """Read the rows of a spreadsheet by their headings; without them the message is in `wrong`."""
        plain = [plain_row(row).cells for row in rows]
        for at, cells in enumerate(plain[:MAX_TITLE_ROWS]):
            columns = columns_of(cells)
            if is_complete(columns):
                found = [Row(_of_cells(one, columns)) for one in plain[at + 1 :]]
                return cls([row for row in found if not row.is_blank][: MAX_TARGETS + 1]).numbered()
        return cls([], _("No headings were found: a sheet has at least region, metric and year.")).numbered()

    def numbered(self) -> TypedTargets:
        for place, row in enumerate(self.rows):
            row.place = place
        return self

    def with_blank(self) -> TypedTargets:
        """Append empty rows for typing."""
        self.rows += [Row(dict.fromkeys(COLUMNS, "")) for _ in range(MORE_ROWS)]
        return self.numbered()

    @property
    def is_wrong(self) -> bool:
        return bool(self.wrong) or any(row.wrong for row in self.rows)

    def targets(self) -> list[NewTarget] | None:
        """Return the targets; None if a value is invalid, with messages on the fields."""
        regions = _regions({row.values["region"] for row in self.rows})
        names = {
            "channel": _codes(Channel.objects.values_list("code", "name")),
            "category": _codes(Category.objects.values_list("code", "name")),
            "portfolio": _codes(Portfolio.objects.values_list("code", "name")),
        }
        found = [self._target(row, regions, names) for row in self.rows]
        return None if self.is_wrong else found

    def _target(
        self, row: Row, regions: dict[str, list[Region]], names: dict[str, dict[str, str]]
    ) -> NewTarget:
        typed = row.values
        region = _one_region(row, regions.get(typed["region"], []))
        metric = typed["metric"] if typed["metric"] in PlanMetric.values else metric_of(typed["metric"])
        if not metric:
            row.wrong["metric"] = _("Choose what it is measured by.")
        codes = {}
        for column, known in names.items():
            codes[column] = known.get(typed[column], typed[column])
        annual = _amount(row, "annual", typed["annual"])
        months = tuple(_amount(row, "months", part) for part in MONTH_BREAK.split(typed["months"]) if part)
        return NewTarget(region, metric, annual, months=months, **codes)

    def add_refusal(self, refusal: Refusal) -> None:
        """Add a refusal's message to the field that it names, such as `targets[1].region`."""
        found = FIELD.match(refusal.field)
        if found is None:
            self.wrong = refusal.message
            return
        place = min(int(found[1]), len(self.rows) - 1)
        self.rows[place].wrong[found[2]] = refusal.message


def choices() -> dict[str, Any]:
    """Return the choices of the grid's lists."""
    return {
        "metrics": PlanMetric.choices,
        "channels": list(Channel.objects.order_by("code").values_list("code", "name")),
        "categories": list(Category.objects.order_by("code").values_list("code", "name")),
        "portfolios": list(Portfolio.objects.order_by("code").values_list("code", "name")),
    }


def read_amounts(data: Any, keys: Iterable[str]) -> tuple[dict[str, Decimal], dict[str, str]]:
    """Return the typed amounts of `amount-KEY` fields, and the messages of those that cannot be read."""
    amounts, wrong = {}, {}
    for key in keys:
        typed = _clean(data.get(f"amount-{key}", ""))
        if not typed:
            continue
        try:
            amounts[key] = read_amount(typed)
        except UnreadableInput as error:
            wrong[key] = reason_of(error)
    return amounts, wrong


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:MAX_CHARACTERS]


def _amount(row: Row, column: str, typed: str) -> Decimal:
    try:
        return read_amount(typed)
    except UnreadableInput as error:
        row.wrong.setdefault(column, reason_of(error))
        return Decimal(0)


def _as_typed(one: PlanTarget) -> dict[str, str]:
    return {
        "region": one.region.full_name,
        "metric": one.metric,
        "channel": one.channel.code if one.channel else "",
        "category": one.category.code if one.category else "",
        "portfolio": one.portfolio.code if one.portfolio else "",
        "annual": f"{one.annual.normalize():f}",
        "months": " ".join(f"{month.normalize():f}" for month in one.months),
    }


def _of_cells(cells: Sequence[str], columns: dict[str, int]) -> dict[str, str]:
    def cell(name: str) -> str:
        place = columns.get(name, len(cells))
        return _clean(cells[place]) if place < len(cells) else ""

    months = [cell(str(number)) for number in range(1, 13)]
    values = {name: cell(name) for name in COLUMNS if name != "months"}
    values["metric"] = metric_of(values["metric"]) or values["metric"]
    return values | {"months": " ".join(month or "0" for month in months) if any(months) else ""}


def _codes(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the codes by code and, where it is not a code, by name."""
    pairs = list(rows)
    return {name: code for code, name in pairs} | {code: code for code, _name in pairs}


def _regions(typed: set[str]) -> dict[str, list[Region]]:
    names = typed - {""}
    rows = Region.objects.filter(Q(code__in=names) | Q(full_name__in=names) | Q(name__in=names))
    found: dict[str, list[Region]] = {}
    for row in rows.order_by("depth", "code"):
        for key in {row.code, row.full_name, row.name} & names:
            found.setdefault(key, []).append(row)
    return {
        key: [row for row in regions if key in (row.code, row.full_name)] or regions
        for key, regions in found.items()
    }


def _one_region(row: Row, regions: Sequence[Region]) -> str:
    if len(regions) == 1:
        return regions[0].code
    if not regions:
        row.wrong["region"] = _("There is no such region: give its code or its full name.")
    else:
        names = join_list(f"{one.full_name} {one.code}" for one in regions[:3])
        message = _("There are %(count)s of this name; give the code: %(names)s")
        row.wrong["region"] = message % {"count": len(regions), "names": names}
    return ""
