"""One edit of a draft: quantities and units of its rows, and lines taken out or changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kernel.spreadsheets import ColumnQuestion, Meaning, Row
from kernel.typed_input import UnreadableInput, read_count
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.domain.quick_order.pasted_rows import MAX_UNITS
from ordering.domain.quick_order.readings import QUANTITY_REASONS
from ordering.domain.quick_order.row_problems import Candidate, RowProblem


class PostedRow(NamedTuple):
    """A row of the sheet as its form sends it; `qty` is text that a person wrote."""

    sku: str
    qty: str
    unit: str


@dataclass(frozen=True, slots=True)
class DraftEdit:
    """What one form changes.

    `action`: remove (`sku`), more and set (`count` of `sku`), successor (order that of `sku` instead), last
    (add the last order), mine (replace the lines by `mine`, after a conflict), accept (add every row that has
    one candidate) or anything else, which changes the `rows` alone. `typed` is the line of the add field and
    `picked` the candidate that was chosen for a line; `pasted`, `table` and, with `adds_rows`, `unread` (rows
    that were not added before) are rows to add. `columns` are what a person chose for the places of the
    table's columns, None if nobody was asked; they hold once the answer is sent (`has_answer`).
    """

    action: str = ""
    sku: str = ""
    count: int = 0
    rows: Sequence[PostedRow] = ()
    typed: str = ""
    picked: str = ""
    pasted: str = ""
    table: Sequence[Row] = ()
    columns: Mapping[int, Meaning] | None = None
    headings_at: int = -1
    has_answer: bool = False
    unread: str = ""
    adds_rows: bool = True
    mine: str = ""


@dataclass(frozen=True, slots=True)
class EditedDraft:
    """The lines after an edit, and the rows that could not be added.

    `candidates` are what the `typed` line may mean. `unread` is the text of the rows that were not added.
    `rows_added` is None where no rows were pasted or uploaded; `rows_blank` of them order nothing, and
    `remarks` are lines of chat that name no goods. `question` asks about the columns of a table that is not
    added yet; `waiting` is text pasted with it.
    """

    lines: list[CartLine]
    problems: list[RowProblem] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()
    more_candidates: int = 0
    typed: str = ""
    unread: str = ""
    rows_added: int | None = None
    rows_blank: int = 0
    remarks: tuple[str, ...] = ()
    added_last_order: bool = False
    question: ColumnQuestion | None = None
    chosen: Mapping[int, Meaning] | None = None
    waiting: str = ""
    is_unanswered: bool = False

    def as_text(self, base_units: Mapping[str, str]) -> str:
        """Return the lines and the rows with problems as rows that can be pasted."""
        units = [line.unit or base_units.get(line.sku, "") for line in self.lines]
        lines = [f"{one.sku}\t{one.qty}\t{unit}" for one, unit in zip(self.lines, units, strict=True)]
        return "\n".join([*lines, *filter(None, [self.unread])])


def picked_text(candidate: Candidate, written: str = "") -> str:
    """Return what a candidate's button sends: its SKU and quantity, and the row that it stands for."""
    return "\t".join((candidate.sku, candidate.quantity, written))


def read_picked(picked: str) -> tuple[str, str, str]:
    """Return the SKU, the quantity and the row that a candidate's button sent."""
    sku, _tab, rest = picked.partition("\t")
    quantity, _tab, written = rest.partition("\t")
    return sku, quantity, written


def without_row(unread: str, written: str) -> str:
    """Return the rows that were not added, without the first one that is written so."""
    rows = unread.splitlines()
    if written in rows:
        rows.remove(written)
    return "\n".join(rows)


def apply_edit(lines: Sequence[CartLine], edit: DraftEdit) -> tuple[list[CartLine], list[RowProblem]]:
    """Return the lines with the posted quantities and the action; a wrong quantity keeps the old one."""
    changed = _with_quantities(lines, edit.rows)
    match edit.action:
        case "remove":
            changed = [line for line in changed if line.sku != edit.sku]
        case "more":
            changed = [_with_qty(line, line.qty + edit.count, edit.sku) for line in changed]
        case "set":
            changed = [_with_qty(line, edit.count, edit.sku) for line in changed]
    return changed, _wrong_quantities(edit.rows)


def _with_quantities(lines: Sequence[CartLine], rows: Sequence[PostedRow]) -> list[CartLine]:
    """Return the lines with the posted quantities, without the lines whose quantity is empty or 0."""
    posted = {row.sku: row for row in rows}
    changed = []
    for line in lines:
        row = posted.get(line.sku)
        if row is None:
            changed.append(line)
            continue
        qty, wrong = _read(row.qty)
        if qty or wrong:
            changed.append(line._replace(qty=line.qty if wrong else qty, unit=row.unit))
    return changed


def _wrong_quantities(rows: Sequence[PostedRow]) -> list[RowProblem]:
    return [
        RowProblem(number, "quantity", reason, f"{row.sku} {row.qty}"[:200])
        for number, row in enumerate(rows, start=1)
        if (reason := _read(row.qty)[1])
    ]


def _read(typed: str) -> tuple[int, str]:
    """Return the typed quantity, 0 if none is typed, and the reason of one that is refused."""
    try:
        return (read_count(typed) if typed.strip() else 0), ""
    except UnreadableInput as error:
        return 0, QUANTITY_REASONS.get(error.code, "not_whole")


def _with_qty(line: CartLine, qty: int, sku: str) -> CartLine:
    return line._replace(qty=min(max(qty, 1), MAX_UNITS)) if line.sku == sku else line
