"""The base class of lists. A room declares a list's columns, filters, order and bulk actions.

The URL's query contains everything that the user chose: `q`, each filter, `sort=-placed_at`,
`cols=number,buyer` and the cursor `page`. The cost of a page does not depend on its position, and its
number of statements does not depend on its number of rows. See `ListPage`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, Model, QuerySet, When
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django_filters import FilterSet

from ui.models import SavedView
from ui.web.columns import Column, phone_slots
from ui.web.filters import Chip, chips_of, errors_of, names_of
from ui.web.keyset import Page, Place, Sort, pack, page_of, unpack
from ui.web.list_parts import Bulk, Cell, Empty, Head, Line, Tab

__all__ = ["LISTS", "Bulk", "Column", "Empty", "ListPage", "Tab"]

MAX_ROWS_COUNTED = 1000
MAX_QUERY_CHARACTERS = 100
MAX_VIEWS_DISPLAYED = 60
CURSOR = "page"
SIZES = (20, 50, 100)
LISTS: dict[str, type[ListPage]] = {}


class ListPage:
    """One list. A room declares it in a subclass, whose `name` is unique in the project.

    `rows()` returns the model's `visible_to(self.actor)` and no further rows; the page, bulk actions and
    exports all start from it. `data` is the URL's query, `kwargs` are the arguments of its path.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[type[FilterSet] | None] = None
    tabs: ClassVar[Sequence[Tab]] = ()
    order: ClassVar[str] = "-id"
    size: ClassVar[int] = SIZES[0]
    search_hint: ClassVar[str | Promise] = ""
    empty: ClassVar[Empty | None] = None
    bulk: ClassVar[Sequence[Bulk]] = ()
    exports: ClassVar[bool] = True
    tall: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.name:
            known = LISTS.setdefault(cls.name, cls)
            if f"{known.__module__}.{known.__qualname__}" != f"{cls.__module__}.{cls.__qualname__}":
                raise TypeError(f"Two lists are called {cls.name}: {known} and {cls}")

    def __init__(self, actor: Any, data: QueryDict, kwargs: Mapping[str, Any] | None = None) -> None:
        self.actor, self.data, self.kwargs = actor, data, dict(kwargs or {})
        self.ticked: frozenset[UUID] = frozenset()
        self.errors: tuple[str, ...] = ()

    # Methods that a room may override

    def rows(self) -> QuerySet[Any]:
        """Return the rows that the actor may see, with `select_related` for the columns."""
        raise NotImplementedError

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        """Return the rows that match the typed text; a list without a search has search_hint = ""."""
        return rows

    def enrich(self, rows: list[Any]) -> None:
        """Add values to the rows of a page that one further statement reads for all of them."""

    def enrich_export(self, rows: list[Any]) -> None:
        """Add values to the rows of an export, as `enrich` does to those of a page."""
        self.enrich(rows)

    def href(self, row: Any) -> str:
        return ""

    def mood(self, row: Any) -> tuple[str, str]:
        """Return "bad" or "warn" with the reason under the first cell, or ("", "") for a normal row."""
        return "", ""

    def more(self) -> dict[str, Any]:
        """Return the further context of the room's own template."""
        return {}

    # Values for templates and exports

    @property
    def dom_id(self) -> str:
        return f"list-{self.name}"

    @cached_property
    def typed(self) -> str:
        return self.data.get("q", "").replace("\x00", "").strip()[:MAX_QUERY_CHARACTERS]

    @cached_property
    def filterset(self) -> FilterSet | None:
        if self.filters is None:
            return None
        return self.filters(self.data, self.rows(), request=self)

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        """Return the rows that match filters and search, not sorted; none if a filter is unreadable."""
        rows = self.rows() if self.filterset is None else self.filterset.qs
        if self.filter_errors:
            return rows.none()
        return self.search(rows, self.typed) if self.typed else rows

    @cached_property
    def offered(self) -> list[Column]:
        return [column for column in self.columns if self.offers(column)]

    def offers(self, column: Column) -> bool:
        """Return false for a column that this actor may not see, for example a margin."""
        return True

    @cached_property
    def visible(self) -> list[Column]:
        """Return the first column and those chosen in the URL, in the list's own order."""
        wanted = {key for part in self.data.getlist("cols") for key in part.split(",") if key}
        first, *others = self.offered
        if wanted & {column.key for column in self.offered}:
            return [first, *(column for column in others if column.key in wanted)]
        return [first, *(column for column in others if column.displayed)]

    @property
    def exported(self) -> list[Column]:
        """Return the columns of a spreadsheet: the visible ones, unless a list has others for it."""
        return self.visible

    @cached_property
    def sort(self) -> Sort:
        """Return the sort order of the URL's column if it can be sorted, else the list's own order."""
        wanted = self.data.get("sort", "")
        paths = {column.key: column.sort for column in self.offered if column.sort}
        path, descending = paths.get(wanted.lstrip("-"), ""), wanted.startswith("-")
        if not path:
            path, descending = self.order.lstrip("-"), self.order.startswith("-")
        return Sort(path, descending, nullable(self.rows().model, path))

    @property
    def salt(self) -> str:
        return f"list.{self.name}.{self.sort.path}.{self.sort.descending}"

    @property
    def rows_per_page(self) -> int:
        """Return the number of rows chosen in the URL, one of SIZES, else the list's own."""
        return next((size for size in SIZES if self.data.get("size") == str(size)), self.size)

    @property
    def size_links(self) -> list[tuple[int, str, bool]]:
        """Return the numbers of rows to choose from, each with its query and whether it is current."""
        if self.total <= SIZES[0]:
            return []
        return [(size, self.url(size=str(size)), size == self.rows_per_page) for size in SIZES]

    @cached_property
    def page(self) -> Page:
        cursor = self.data.get(CURSOR, "")
        place = unpack(cursor, self.salt) if cursor else None
        page = page_of(self.narrowed, self.sort, place, self.rows_per_page)
        self.enrich(page.rows)
        return page

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        slots = phone_slots(self.visible)
        for row in self.page.rows:
            mood, reason = self.mood(row)
            cells = [
                Cell(column, cell_value(column, row), column.second_line(row), slots[column.key])
                for column in self.visible
            ]
            yield Line(row, self.href(row), mood, reason, cells)

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.visible]

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column, "", "")
        here = column.sort == self.sort.path
        direction = ("descending" if self.sort.descending else "ascending") if here else ""
        first_down = column.numeric or column.kind in ("day", "moment")
        down = not self.sort.descending if here else first_down
        return Head(column, self.url(sort=f"{'-' if down else ''}{column.key}"), direction)

    @cached_property
    def total(self) -> int:
        """Return the number of rows, counted up to MAX_ROWS_COUNTED + 1.

        It needs no statement if one page contains all rows.
        """
        page = self.page
        if page.after is None and (page.before is None or page.start + len(page.rows) <= MAX_ROWS_COUNTED):
            return page.start + len(page.rows) - 1 if page.rows else 0
        return int(self.narrowed.order_by()[: MAX_ROWS_COUNTED + 1].count())

    @property
    def many(self) -> bool:
        return self.total > MAX_ROWS_COUNTED

    @property
    def counted(self) -> int:
        return MAX_ROWS_COUNTED if self.many else self.total

    @property
    def last(self) -> int:
        return self.page.start + len(self.page.rows) - 1

    @property
    def previous_url(self) -> str:
        return self._page_url(self.page.before)

    @property
    def next_url(self) -> str:
        return self._page_url(self.page.after)

    def _page_url(self, place: Place | None) -> str:
        return "" if place is None else self.url(**{CURSOR: pack(place, self.salt)})

    @cached_property
    def chips(self) -> list[Chip]:
        return chips_of(self)

    @cached_property
    def filter_errors(self) -> list[str]:
        """Return why filters cannot be read, each with its name."""
        return errors_of(self)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips)

    @property
    def clear_url(self) -> str:
        parameters = {name: self.data[name] for name in ("sort", "cols", "size") if self.data.get(name)}
        return "?" + urlencode(parameters)

    @cached_property
    def tab_links(self) -> list[tuple[str | Promise, str, bool]]:
        """Return each tab's label, query and whether it is current: the most specific matching tab."""
        matching = [tab for tab in self.tabs if self._matches(tab)]
        current = max(matching, key=lambda tab: len(tab.query), default=None)
        return [(tab.label, f"?{tab.query}", tab is current) for tab in self.tabs]

    def _matches(self, tab: Tab) -> bool:
        query = QueryDict(tab.query)
        return all(self.data.getlist(name) == query.getlist(name) for name in query)

    def url(self, **changes: str) -> str:
        """Return this list's query with changed parameters, starting at the first page."""
        data = self.data.copy()
        data.pop(CURSOR, None)
        for name, value in changes.items():
            data[name] = value
        return "?" + data.urlencode()

    @property
    def query(self) -> str:
        """Return the query without the cursor, for an export."""
        return self.url()[1:]

    @property
    def page_query(self) -> str:
        """Return the query of this page, for a bulk action: the ticked rows stay on it."""
        return self.data.urlencode()

    def fields_beside(self, *names: str) -> list[tuple[str, str]]:
        """Return the parameters that a form with these fields repeats as hidden fields."""
        own = set(names) | {CURSOR}
        return [(name, value) for name, values in self.data.lists() if name not in own for value in values]

    @cached_property
    def fields_beside_search(self) -> list[tuple[str, str]]:
        return self.fields_beside("q")

    @cached_property
    def fields_beside_filters(self) -> list[tuple[str, str]]:
        return self.fields_beside(*self._filter_names())

    @cached_property
    def fields_beside_columns(self) -> list[tuple[str, str]]:
        return self.fields_beside("cols")

    def _filter_names(self) -> list[str]:
        if self.filterset is None:
            return []
        return [name for field in self.filterset.form for name in names_of(field)]

    @property
    def offers_to_begin(self) -> bool:
        """Return whether the empty list offers its action to the actor."""
        empty = self.empty
        return empty is not None and bool(empty.to) and (not empty.right or self.actor.may(empty.right))

    @cached_property
    def saved_views(self) -> list[SavedView]:
        """Return the actor's own views of this list, then those that colleagues share."""
        rows = SavedView.objects.visible_to(self.actor).filter(list_name=self.name)
        mine = Case(When(person_id=self.actor.user_id, then=True), default=False)
        return list(rows.annotate(is_mine=mine).order_by("-is_mine", "name", "id")[:MAX_VIEWS_DISPLAYED])

    @cached_property
    def bulk_actions(self) -> list[Bulk]:
        return [bulk for bulk in self.bulk if self.actor.may(bulk.right)]


def cell_value(column: Column, row: Any) -> Any:
    """Return the value of a cell; a fraction of a percent column is multiplied by 100."""
    value = column.of(row)
    return value * 100 if column.kind == "percent" and value is not None else value


def nullable(model: type[Model], path: str) -> bool:
    """Return whether a sort value may be null; the value of an annotation may be."""
    for name in path.split("__"):
        try:
            field: Any = model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        if field.related_model is None:
            return False
        model = field.related_model
    return False
