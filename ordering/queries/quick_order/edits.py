"""The lines of a draft after one edit, with the products that it names looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from accounts.rights import Actor
from kernel.typed_input import UnreadableInput, read_quantity
from ordering.domain.quick_order.added_rows import read_added
from ordering.domain.quick_order.cart_lines import CartLine, lines_in_two_units, merge_lines
from ordering.domain.quick_order.edits import DraftEdit, EditedDraft, apply_edit, read_picked, without_row
from ordering.domain.quick_order.matching import match_rows
from ordering.domain.quick_order.readings import SPLIT, Reading, TypedLine
from ordering.domain.quick_order.row_problems import Candidate, RowProblem
from ordering.queries.quick_order.drafts import last_lines
from ordering.queries.quick_order.offers import offers
from ordering.queries.quick_order.products import find_lines, named_exactly, products_by_sku


def edited_draft(
    edit: DraftEdit, lines: Sequence[CartLine], *, seller_id: UUID, buyer_id: UUID, actor: Actor
) -> EditedDraft:
    """Return what the draft's `lines` become; nothing is saved. A constant number of statements."""
    if edit.action == "mine":
        mine = _with_rows(replace(edit, pasted=edit.mine, table=(), columns=None, unread="", adds_rows=True))
        set_by_hand = {line.sku: line.override for line in lines}
        with_prices = [line._replace(override=set_by_hand.get(line.sku)) for line in mine.lines]
        return replace(mine, lines=with_prices, rows_added=None)
    changed, problems = apply_edit(lines, edit)
    changed, succeeding = _with_successor(edit, changed)
    last = last_lines(seller_id=seller_id, buyer_id=buyer_id) if edit.action == "last" else []
    typed = _typed_line(edit, actor)
    rows = _with_rows(edit)
    added = [*last, *typed.lines, *rows.lines, *succeeding]
    twice = lines_in_two_units([*changed, *added])
    merged, left_out = merge_lines(changed, added, products_by_sku(twice) if twice else {})
    unread = "\n".join(filter(None, [*(problem.text for problem in typed.problems), rows.unread]))
    return replace(
        rows,
        lines=merged,
        unread=unread,
        problems=[*problems, *typed.problems, *rows.problems, *left_out],
        candidates=typed.candidates,
        more_candidates=typed.more_candidates,
        typed=typed.typed,
        added_last_order=edit.action == "last",
    )


def _with_successor(edit: DraftEdit, lines: list[CartLine]) -> tuple[list[CartLine], list[CartLine]]:
    """Return the lines without the one to replace, and the line of its successor; two statements at most."""
    old = next((line for line in lines if edit.action == "successor" and line.sku == edit.sku), None)
    product = products_by_sku([old.sku]).get(old.sku) if old else None
    successor = products_by_sku([product.successor_sku]) if product and product.successor_sku else {}
    if old is None or product is None or not successor:
        return lines, []
    line = successor[product.successor_sku].with_quantity_of(product, old)
    return [one for one in lines if one is not old], [line]


def _with_rows(edit: DraftEdit) -> EditedDraft:
    """Return the lines of rows that are pasted, uploaded, or were not added before, and their problems."""
    _sku, _quantity, written = read_picked(edit.picked)
    unread = without_row(edit.unread, written) if written else edit.unread
    if not (edit.pasted.strip() or edit.table or unread.strip()):
        return EditedDraft([])
    read = read_added(edit, unread)
    matched = find_lines(read.parsed.rows)
    problems = _in_order([*read.parsed.problems, *matched.problems])
    draft = EditedDraft(
        [],
        problems,
        question=read.question,
        chosen=edit.columns,
        waiting=read.waiting,
        is_unanswered=read.is_unanswered,
    )
    if not edit.adds_rows:
        return replace(draft, unread=unread)
    accepted: list[CartLine] = []
    if edit.action == "accept":
        accepted = [line for problem in problems if problem.only for line in _lines_of(problem.only)]
        problems = [problem for problem in problems if problem.only is None]
    added = [*matched.lines, *accepted]
    return replace(
        draft,
        lines=added,
        problems=problems,
        unread="\n".join(problem.text for problem in problems),
        rows_added=len(added) if edit.pasted.strip() or edit.table or added else None,
        rows_blank=read.parsed.blank,
        remarks=tuple(matched.remarks),
    )


def _typed_line(edit: DraftEdit, actor: Actor) -> EditedDraft:
    """Return the line that was typed or picked, or the candidates that it may mean."""
    if edit.picked:
        sku, quantity, _written = read_picked(edit.picked)
        return _picked_line(sku, quantity)
    if not edit.typed:
        return EditedDraft([])
    found = offers(actor, edit.typed)
    if found.lines:
        return EditedDraft(list(found.lines), list(found.problems))
    if found.only is not None and not found.problems:
        return EditedDraft(_lines_of(found.only))
    if found.candidates:
        return EditedDraft([], candidates=found.candidates, more_candidates=found.more, typed=edit.typed)
    return EditedDraft([], list(found.problems))


def _picked_line(sku: str, quantity: str) -> EditedDraft:
    """Return the line of a candidate that was chosen, by its SKU as it is spelled."""
    try:
        reading = Reading(sku, read_quantity(quantity), "", SPLIT)
    except UnreadableInput:
        return EditedDraft([], [RowProblem(1, "quantity", "not_whole", f"{sku} {quantity}")])
    row = TypedLine(1, f"{sku}\t{quantity}", (reading,))
    matched = match_rows([row], named_exactly([row]))
    unknown = [RowProblem(1, "product", "unknown", row.text)] if matched.unknown else []
    return EditedDraft(matched.lines, [*matched.problems, *unknown])


def _lines_of(candidate: Candidate) -> list[CartLine]:
    return [CartLine(candidate.sku, qty, unit) for qty, unit in candidate.parts]


def _in_order(problems: Sequence[RowProblem]) -> list[RowProblem]:
    return sorted(problems, key=lambda problem: problem.number)
