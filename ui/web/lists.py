"""A list of any noun, said once: its columns, filters, order and deeds; the rest is here.

Everything that a person chose stands in the address: `q`, each filter, `sort=-placed_at`,
`cols=number,buyer` and the cursor `page`. A page costs the same however far down it is, and the
same number of statements however many rows it has. See `ListPage`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django_filters import FilterSet

from ui.web.columns import Column
from ui.web.filters import Chip, chips_of, names_of
from ui.web.keyset import Page, Place, Sort, pack, page_of, unpack

__all__ = ["LISTS", "Bulk", "Column", "Empty", "ListPage", "Tab"]

COUNTED = 1000
LONGEST_QUERY = 100
TOLD = "page"
LISTS: dict[str, type[ListPage]] = {}


@dataclass(frozen=True, slots=True)
class Tab:
    """A link above the table with parameters of its own, like "state=review"; "" shows all."""

    label: str | Promise
    query: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What may be done with the rows that were ticked.

    `does(request, rows)` gets the ticked rows that the actor sees (a list, at most 200) and answers
    what to say; a Refusal that it raises undoes all of it and is said instead.
    """

    key: str
    label: str | Promise
    right: str
    does: Callable[[Any, list[Any]], str]
    icon: str = ""
    risky: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says, and the one thing to do about it. `to` is a URL's name."""

    title: str | Promise
    text: str | Promise = ""
    icon: str = "list"
    to: str = ""
    action: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Head:
    column: Column
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Cell:
    column: Column
    value: Any
    under: Any


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the template shows it: `mood` is "", "warn" or "bad", with its reason beneath."""

    row: Any
    href: str
    mood: str
    reason: str
    cells: list[Cell]


class ListPage:
    """One list. A room says what is its own in a subclass, whose `name` is unique in the project.

    `rows()` is the noun's `visible_to(self.actor)` and nothing wider; screen, bulk deeds and export
    all start from it. `data` is the address's query, `kwargs` what its path names.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str | Promise] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[type[FilterSet] | None] = None
    tabs: ClassVar[Sequence[Tab]] = ()
    order: ClassVar[str] = "-id"
    size: ClassVar[int] = 50
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

    # What a room says

    def rows(self) -> QuerySet[Any]:
        """The rows that the actor may see, with `select_related` for what the columns read."""
        raise NotImplementedError

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        """The rows that hold what was typed; a list without it says search_hint = ""."""
        return rows

    def enrich(self, rows: list[Any]) -> None:
        """Adds to the page's rows what takes a statement of its own for all of them together."""

    def href(self, row: Any) -> str:
        return ""

    def mood(self, row: Any) -> tuple[str, str]:
        """ "bad" or "warn" and the reason beneath the first cell; ("", "") where nothing is wrong."""
        return "", ""

    def more(self) -> dict[str, Any]:
        """What the room's own template shows beside the list."""
        return {}

    # What templates and exports read

    @property
    def dom_id(self) -> str:
        return f"list-{self.name}"

    @cached_property
    def typed(self) -> str:
        return self.data.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]

    @cached_property
    def filterset(self) -> FilterSet | None:
        if self.filters is None:
            return None
        return self.filters(self.data, self.rows(), request=self)  # type: ignore[arg-type]

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        """The rows behind the filters and the search, in no order yet."""
        rows = self.rows() if self.filterset is None else self.filterset.qs
        return self.search(rows, self.typed) if self.typed else rows

    @cached_property
    def offered(self) -> list[Column]:
        return [column for column in self.columns if self.offers(column)]

    def offers(self, column: Column) -> bool:
        """False for a column that this actor may not see (a margin, say)."""
        return True

    @cached_property
    def visible(self) -> list[Column]:
        """The first column always, then those chosen in the address, in the list's own order."""
        wanted = {key for part in self.data.getlist("cols") for key in part.split(",") if key}
        first, *others = self.offered
        if wanted & {column.key for column in self.offered}:
            return [first, *(column for column in others if column.key in wanted)]
        return [first, *(column for column in others if column.shown)]

    @cached_property
    def sort(self) -> Sort:
        """By a column of the address where that can be sorted by, else by the list's own order."""
        wanted = self.data.get("sort", "")
        paths = {column.key: column.sort for column in self.offered if column.sort}
        path, descending = paths.get(wanted.lstrip("-"), ""), wanted.startswith("-")
        if not path:
            path, descending = self.order.lstrip("-"), self.order.startswith("-")
        return Sort(path, descending, nullable(self.rows().model, path))

    @property
    def salt(self) -> str:
        return f"list.{self.name}.{self.sort.path}.{self.sort.descending}"

    @cached_property
    def page(self) -> Page:
        cursor = self.data.get(TOLD, "")
        place = unpack(cursor, self.salt) if cursor else None
        page = page_of(self.narrowed, self.sort, place, self.size)
        self.enrich(page.rows)
        return page

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines())

    def _lines(self) -> Iterator[Line]:
        for row in self.page.rows:
            mood, reason = self.mood(row)
            cells = [Cell(column, shown(column, row), column.beneath(row)) for column in self.visible]
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
        """How many rows there are, counted to 1,001 at most; no statement where one page holds all."""
        page = self.page
        if page.after is None and (page.before is None or page.start + len(page.rows) <= COUNTED):
            return page.start + len(page.rows) - 1 if page.rows else 0
        return int(self.narrowed.order_by()[: COUNTED + 1].count())

    @property
    def many(self) -> bool:
        return self.total > COUNTED

    @property
    def counted(self) -> int:
        return COUNTED if self.many else self.total

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
        return "" if place is None else self.url(**{TOLD: pack(place, self.salt)})

    @cached_property
    def chips(self) -> list[Chip]:
        return chips_of(self)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips)

    @property
    def clear_url(self) -> str:
        kept = {name: self.data[name] for name in ("sort", "cols") if self.data.get(name)}
        return "?" + urlencode(kept)

    @cached_property
    def tab_links(self) -> list[tuple[str | Promise, str, bool]]:
        """Label, address and whether we are there: the most fitting tab of those that fit."""
        fitting = [tab for tab in self.tabs if self._fits(tab)]
        here = max(fitting, key=lambda tab: len(tab.query), default=None)
        return [(tab.label, f"?{tab.query}", tab is here) for tab in self.tabs]

    def _fits(self, tab: Tab) -> bool:
        asked = QueryDict(tab.query)
        return all(self.data.getlist(name) == asked.getlist(name) for name in asked)

    def url(self, **changes: str) -> str:
        """This list's address with other parameters; a change of anything begins at the first page."""
        data = self.data.copy()
        data.pop(TOLD, None)
        for name, value in changes.items():
            data[name] = value
        return "?" + data.urlencode()

    @property
    def query(self) -> str:
        """What an export or a deed is asked for with: the address without the page."""
        return self.url()[1:]

    def kept_for(self, *names: str) -> list[tuple[str, str]]:
        """The parameters that a form of these names carries along, as hidden fields."""
        own = set(names) | {TOLD}
        return [(name, value) for name, values in self.data.lists() if name not in own for value in values]

    @cached_property
    def kept_for_search(self) -> list[tuple[str, str]]:
        return self.kept_for("q")

    @cached_property
    def kept_for_filters(self) -> list[tuple[str, str]]:
        return self.kept_for(*self._filter_names())

    @cached_property
    def kept_for_columns(self) -> list[tuple[str, str]]:
        return self.kept_for("cols")

    def _filter_names(self) -> list[str]:
        if self.filterset is None:
            return []
        return [name for field in self.filterset.form for name in names_of(field)]

    @cached_property
    def deeds(self) -> list[Bulk]:
        return [bulk for bulk in self.bulk if self.actor.may(bulk.right)]


def shown(column: Column, row: Any) -> Any:
    """The value as a cell shows it: a fraction as per cent."""
    value = column.of(row)
    return value * 100 if column.kind == "percent" and value is not None else value


def nullable(model: type[Model], path: str) -> bool:
    """Whether a sort value may be missing; what is no field of a model (an annotation) may be."""
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
