"""The form of the quick order as one edit of its draft; an uploaded file is read here, once."""

from __future__ import annotations

from accounts.web.requests import ActorRequest
from kernel.spreadsheets import unpack_rows
from kernel.typed_input import UnreadableInput, read_count
from ordering.domain.quick_order.edits import DraftEdit, PostedRow
from ordering.domain.quick_order.pasted_rows import MAX_ROWS
from ui.web.column_choice import TABLE, chosen_columns, headings_at
from ui.web.uploads import uploaded_rows

MAX_TYPED, MAX_PICKED, MAX_UNIT = 200, 600, 20


def read_edit(request: ActorRequest) -> DraftEdit:
    """Return what the form changes. Raises UploadRefused for a file that is no spreadsheet."""
    post = request.POST
    action, _colon, rest = post.get("action", "").partition(":")
    rows = zip(post.getlist("sku"), post.getlist("qty"), post.getlist("unit"), strict=False)
    sku, count = rest, 0
    if action in ("more", "set"):
        sku, _colon, digits = rest.rpartition(":")
        try:
            count = read_count(digits)
        except UnreadableInput:
            action = ""
    adds_rows = _adds_rows(request, action)
    has_question = TABLE in post and action not in ("leave", "discard", "paste")
    table = uploaded_rows(request.FILES.get("file")) if adds_rows else ()
    if has_question:
        table = unpack_rows(post[TABLE].replace("\x00", ""))[: 2 * MAX_ROWS]
    return DraftEdit(
        action=action,
        sku=sku,
        count=count,
        rows=[PostedRow(sku, qty, unit[:MAX_UNIT]) for sku, qty, unit in rows],
        typed=post.get("typed", "").replace("\x00", "").strip()[:MAX_TYPED],
        picked=post.get("pick", "").replace("\x00", "")[:MAX_PICKED],
        pasted=post.get("waiting" if has_question else "pasted", "") if adds_rows or has_question else "",
        table=table,
        columns=chosen_columns(post) if has_question else None,
        headings_at=headings_at(post),
        has_answer=action == "columns",
        unread="" if action in ("leave", "discard") else post.get("unread", ""),
        adds_rows=adds_rows,
        mine=post.get("mine", ""),
    )


def _adds_rows(request: ActorRequest, action: str) -> bool:
    """Tell whether pasted and uploaded rows are to be added, or are still being prepared."""
    if action in ("leave", "discard"):
        return False
    return action in ("paste", "accept", "columns") or not request.htmx
