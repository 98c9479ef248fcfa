"""The form of the quick order as one edit of its draft; an uploaded file is read here, once."""

from __future__ import annotations

from accounts.web.requests import ActorRequest
from ordering.domain.quick_order.edits import DraftEdit, PostedRow
from ordering.web.quick_order.upload import uploaded_rows

MAX_TYPED, MAX_PICKED, MAX_UNIT, MAX_COUNT_DIGITS = 200, 600, 20, 9


def read_edit(request: ActorRequest) -> DraftEdit:
    """Return what the form changes. Raises UploadRefused for a file that is no spreadsheet."""
    post = request.POST
    action, _colon, rest = post.get("action", "").partition(":")
    rows = zip(post.getlist("sku"), post.getlist("qty"), post.getlist("unit"), strict=False)
    sku, count = rest, 0
    if action in ("more", "set"):
        sku, _colon, digits = rest.rpartition(":")
        if not digits.isdecimal() or len(digits) > MAX_COUNT_DIGITS:
            action = ""
        else:
            count = int(digits)
    adds_rows = _adds_rows(request, action)
    return DraftEdit(
        action=action,
        sku=sku,
        count=count,
        rows=[PostedRow(sku, qty, unit[:MAX_UNIT]) for sku, qty, unit in rows],
        typed=post.get("typed", "").replace("\x00", "").strip()[:MAX_TYPED],
        picked=post.get("pick", "").replace("\x00", "")[:MAX_PICKED],
        pasted=post.get("pasted", "") if adds_rows else "",
        table=uploaded_rows(request.FILES.get("file")) if adds_rows else (),
        unread="" if action in ("leave", "discard") else post.get("unread", ""),
        adds_rows=adds_rows,
        mine=post.get("mine", ""),
    )


def _adds_rows(request: ActorRequest, action: str) -> bool:
    """Tell whether pasted and uploaded rows are to be added, or are still being prepared."""
    if action in ("leave", "discard"):
        return False
    return action in ("paste", "accept") or not request.htmx
