"""The parts of a list: tabs, bulk actions, the empty state, heads, cells and lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from ui.web.columns import Column


@dataclass(frozen=True, slots=True)
class Tab:
    """A link above the table with its own query, like "state=review"; "" displays all rows."""

    label: str | Promise
    query: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """An action on the selected rows.

    `does(request, rows)` gets the selected rows that are visible to the actor (a list of at most 200) and
    returns the message to display. If it raises a Refusal, the action is rolled back, the rows stay ticked
    and the refusal is displayed: the `messages` of its details, one for each row in trouble, else its own.
    """

    key: str
    label: str | Promise
    right: str
    does: Callable[[Any, list[Any]], str]
    icon: str = ""
    risky: bool = False


@dataclass(frozen=True, slots=True)
class Empty:
    """The text of an empty list and the action that it offers to users with `right`; `to` names a URL."""

    title: str | Promise
    text: str | Promise = ""
    icon: str = "list"
    to: str = ""
    action: str | Promise = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `url` sorts by it."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of a column in a row; `under` is its second line, `slot` its place on a phone."""

    column: Column
    value: Any
    under: Any
    slot: str

    @property
    def css_class(self) -> str:
        """Return the classes of the cell: its place on a phone, and how its kind is aligned."""
        names = [f"tp-slot-{self.slot}"]
        names += ["tp-num"] if self.column.numeric else []
        names += {"money": ["tp-money"], "code": ["tp-code"]}.get(self.column.kind, [])
        return " ".join(names)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the template displays it; `mood` is "", "warn" or "bad", and `reason` explains it."""

    row: Any
    href: str
    mood: str
    reason: str
    cells: list[Cell]
