"""The grid of a draft: its prices row by row, typed, added and removed; what is wrong stands in its row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from kernel.refusals import Refusal
from kernel.uuids import as_uuid
from pricing.domain.list_entries import ListEntry
from pricing.domain.price_table import PriceRow, grid_row, typed_price
from pricing.models import PriceEntry, PriceList
from pricing.operations.entries import refuse_errors
from pricing.operations.entry_changes import EntryChange, change_entries
from pricing.operations.price_rows import named_rows
from pricing.web.drafts import own_row
from pricing.web.entries import Entries
from ui.web.submit_once import once

NEW_ROWS = 5
MAX_ROWS = 200
MAX_CHARACTERS = 60
CELLS = ("price", "per", "min_qty", "advised")
LABELS = {
    "price": gettext_lazy("Price"),
    "per": gettext_lazy("per base units"),
    "min_qty": gettext_lazy("From quantity"),
    "advised": gettext_lazy("Advised resale price"),
}
_CELL_OF = {"advised_resale": "advised", "unit": "price"}


@dataclass
class GridRow:
    """A row as typed. `key` is the id of a stored entry or new-0; `before` is what it displayed at first."""

    key: str
    number: int
    sku: str = ""
    name: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    before: str = ""
    is_removed: bool = False
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.key.startswith("new-")

    @property
    def columns(self) -> list[tuple[str, Any, str, str]]:
        """Return name, label, text and error of each cell."""
        wrong = dict(self.errors)
        return [(name, LABELS[name], self.cells.get(name, ""), wrong.get(name, "")) for name in CELLS]

    @property
    def wrong_product(self) -> str:
        return dict(self.errors).get("sku", "")

    @property
    def is_changed(self) -> bool:
        if self.is_new:
            return bool(self.sku or any(self.cells.values()))
        return self.is_removed or "|".join(self.cells.values()) != self.before

    def typed(self) -> PriceRow:
        cells = self.cells
        return grid_row(
            self.number,
            self.sku,
            price=cells["price"],
            per=cells["per"],
            min_qty=cells["min_qty"],
            advised=cells["advised"],
        )


@entering("price.edit")
@once
@require_http_methods(["GET", "POST"])
def grid(request: ActorRequest, price_list_id: UUID) -> HttpResponse:
    """Display a page of a draft's prices as a grid, and save its changed rows, all or none."""
    found: PriceList = own_row(PriceList, request.actor, price_list_id)
    if found.state != PriceList.State.DRAFT:
        messages.warning(
            request, _("This price list was published: its prices stay. Make a new version of it.")
        )
        return redirect("price-list", found.id)
    page = Entries(request.actor, request.GET, {"price_list_id": price_list_id})
    rows = _typed_rows(request) if request.method == "POST" else _stored_rows(page)
    refused = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                count = _save(found, rows, request)
        except Refusal as refusal:
            refused = refusal.message
            _place_errors(rows, refusal)
        else:
            message = ngettext("%(n)d row is saved.", "%(n)d rows are saved.", count) % {"n": count}
            messages.success(request, message)
            return redirect(request.get_full_path())
    facts = {"row": found, "list": page, "rows": rows, "labels": LABELS.values(), "refused": refused}
    return render(request, "pricing/grid.html", facts, status=422 if refused else 200)


def _stored_rows(page: Entries) -> list[GridRow]:
    rows = []
    for number, entry in enumerate(page.page.rows, start=1):
        cells = cells_of(entry)
        product = entry.product
        rows.append(
            GridRow(str(entry.id), number, product.sku, product.name, cells, "|".join(cells.values()))
        )
    last = len(rows) + 1
    empty = dict.fromkeys(CELLS, "")
    return [*rows, *(GridRow(f"new-{n}", last + n, cells=dict(empty)) for n in range(NEW_ROWS))]


def cells_of(entry: PriceEntry) -> dict[str, str]:
    """Return the cells of a stored entry as text that the reader of typed prices reads."""
    advised = entry.advised_resale
    return {
        "price": f"{entry.price.normalize():f}",
        "per": str(entry.per),
        "min_qty": str(entry.min_qty),
        "advised": "" if advised is None else f"{advised.normalize():f}",
    }


def _typed_rows(request: ActorRequest) -> list[GridRow]:
    rows = []
    for place, key in enumerate(request.POST.getlist("row")[:MAX_ROWS]):
        if not re.fullmatch(r"new-\d{1,3}", key) and as_uuid(key) is None:
            continue
        rows.append(
            GridRow(
                key,
                place + 1,
                _text(request, f"sku-{key}"),
                _text(request, f"name-{key}", 200),
                {name: _text(request, f"{name}-{key}") for name in CELLS},
                _text(request, f"before-{key}", 200),
                bool(request.POST.get(f"remove-{key}")),
            )
        )
    return rows


def _text(request: ActorRequest, name: str, longest: int = MAX_CHARACTERS) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:longest]


def _save(price_list: PriceList, rows: Sequence[GridRow], request: ActorRequest) -> int:
    changed = [row for row in rows if row.is_changed]
    priced = [row for row in changed if not row.is_removed]
    named = named_rows([row.typed() for row in priced])
    refuse_errors(_from(named.errors, [changed.index(row) for row in priced]))
    entries = dict(zip([row.key for row in priced], named.entries, strict=True))
    changes = [EntryChange(as_uuid(row.key), entries.get(row.key), _before(row)) for row in changed]
    return change_entries(price_list_id=price_list.id, changes=changes, by=request.actor, at=timezone.now())


def _from(errors: Sequence[dict[str, str]], places: Sequence[int]) -> list[dict[str, str]]:
    """Return errors of the priced rows at their places among all changes."""
    found = []
    for error in errors:
        place, _bracket, name = error["field"].removeprefix("entries[").partition("]")
        found.append({**error, "field": f"changes[{places[int(place)]}]{name}"})
    return found


def _before(row: GridRow) -> ListEntry | None:
    """Return the entry as it was when the page was displayed."""
    if row.is_new:
        return None
    price, per, min_qty, advised = (row.before.split("|") + [""] * 4)[:4]
    read = typed_price(PriceRow(row.number, row.sku, price, per, min_qty, advised=advised)).values
    values: dict[str, Any] = {"per": 1, "min_qty": 0, "price": 0, **read}
    return ListEntry(sku=row.sku, **values)


def _place_errors(rows: Sequence[GridRow], refusal: Refusal) -> None:
    """Put each error into its row, at its cell."""
    changed = [row for row in rows if row.is_changed]
    errors: Any = refusal.details.get("errors") or ()
    for error in errors:
        place, _bracket, name = error["field"].removeprefix("changes[").partition("].")
        changed[int(place)].errors.append((_CELL_OF.get(name, name), error["message"]))
