"""The lines of a draft after one edit, with the products that it names looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from ordering.domain.quick_order.cart_lines import CartLine, lines_in_two_units, merge_lines
from ordering.domain.quick_order.edits import DraftEdit, EditedDraft, apply_edit
from ordering.domain.quick_order.pasted_rows import RowProblem, parse_table, parse_text, parse_typed
from ordering.queries.quick_order.drafts import last_lines
from ordering.queries.quick_order.products import find_lines, products_by_sku


def edited_draft(
    edit: DraftEdit, lines: Sequence[CartLine], *, seller_id: UUID, buyer_id: UUID
) -> EditedDraft:
    """Return what the draft's `lines` become; nothing is saved. A constant number of statements."""
    if edit.action == "mine":
        mine = parse_text(edit.mine)
        found, unknown = find_lines(mine.rows)
        return EditedDraft(found, _in_order([*mine.problems, *unknown]))
    changed, problems = apply_edit(lines, edit)
    added: list[CartLine] = []
    if edit.action == "last":
        added += last_lines(seller_id=seller_id, buyer_id=buyer_id)
    typed = _typed_line(edit)
    added += typed.lines
    problems += typed.problems
    rows_added, rows_blank = None, 0
    if edit.pasted.strip() or edit.table:
        table, pasted = parse_table(edit.table), parse_text(edit.pasted)
        found, unknown = find_lines([*table.rows, *pasted.rows])
        problems = _in_order([*problems, *table.problems, *pasted.problems, *unknown])
        rows_added, rows_blank = len(found), table.blank + pasted.blank
        added += found
    twice = lines_in_two_units([*changed, *added])
    merged, left_out = merge_lines(changed, added, products_by_sku(twice) if twice else {})
    return replace(
        typed,
        lines=merged,
        problems=[*problems, *left_out],
        rows_added=rows_added,
        rows_blank=rows_blank,
        added_last_order=edit.action == "last",
    )


def _typed_line(edit: DraftEdit) -> EditedDraft:
    """Return the line that was typed or picked, or the candidates that it may mean."""
    row = parse_typed(edit.picked or edit.typed)
    if row is None:
        return EditedDraft([])
    if isinstance(row, RowProblem):
        return EditedDraft([], [row])
    lines, problems = find_lines([row])
    if problems and problems[0].reason == "ambiguous" and not edit.picked:
        quantity = f"\t{row.qty}\t{row.unit}" if row.qty else ""
        names = [choice.partition(" ") for choice in problems[0].choices]
        candidates = [(sku + quantity, f"{name} {sku}") for sku, _space, name in names]
        return EditedDraft([], candidates=candidates, typed=edit.typed)
    return EditedDraft(lines, problems)


def _in_order(problems: Sequence[RowProblem]) -> list[RowProblem]:
    return sorted(problems, key=lambda problem: problem.number)
