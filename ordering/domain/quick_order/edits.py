"""One edit of a draft: quantities and units of its rows, and lines taken out or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kernel.spreadsheets import Row
from kernel.typed_input import UnreadableInput, read_count
from ordering.domain.quick_order.cart_lines import CartLine
from ordering.domain.quick_order.pasted_rows import MAX_UNITS, QUANTITY_REASONS, RowProblem


class PostedRow(NamedTuple):
    """A row of the sheet as its form sends it; `qty` is text that a person wrote."""

    sku: str
    qty: str
    unit: str


@dataclass(frozen=True, slots=True)
class DraftEdit:
    """What one form changes.

    `action`: remove (`sku`), more and set (`count` of `sku`), last (add the last order), mine (replace
    the lines by `mine`, after a conflict) or anything else, which changes the `rows` alone. `typed` is
    the line of the add field and `picked` the candidate that was chosen for it; `pasted` and `table`
    are rows to add.
    """

    action: str = ""
    sku: str = ""
    count: int = 0
    rows: Sequence[PostedRow] = ()
    typed: str = ""
    picked: str = ""
    pasted: str = ""
    table: Sequence[Row] = ()
    mine: str = ""


@dataclass(frozen=True, slots=True)
class EditedDraft:
    """The lines after an edit, and the rows that could not be added.

    `candidates` are what the typed line may mean: the text to send as `picked`, and the name to show.
    `rows_added` is None where no rows were pasted or uploaded; `rows_blank` of them order nothing.
    """

    lines: list[CartLine]
    problems: list[RowProblem] = field(default_factory=list)
    candidates: list[tuple[str, str]] = field(default_factory=list)
    typed: str = ""
    rows_added: int | None = None
    rows_blank: int = 0
    added_last_order: bool = False

    def as_text(self) -> str:
        """Return the lines and the rows with problems as rows that can be pasted."""
        lines = [f"{line.sku}\t{line.qty}\t{line.unit}" for line in self.lines]
        return "\n".join([*lines, *(problem.text for problem in self.problems)])


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
            changed.append(CartLine(line.sku, line.qty if wrong else qty, row.unit))
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
