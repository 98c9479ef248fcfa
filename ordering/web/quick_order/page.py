"""What the page of the quick order shows: the sheet, fifty rows of it, and the cards beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.web.requests import ActorRequest
from dealers.queries.contacts import contact_names
from kernel.spreadsheets import Meaning
from ordering.domain.quick_order.changes import Changes, Filled, filled_of
from ordering.domain.quick_order.edits import EditedDraft
from ordering.domain.quick_order.sheet_rows import SheetRow
from ordering.operations.carts import store_filled
from ordering.operations.manual_prices import RIGHT as OVERRIDE_RIGHT
from ordering.queries.quick_order.sheet import Sheet, price_sheet
from ordering.web.quick_order.candidates import priced_candidates, visible_candidates
from ordering.web.quick_order.cards import credit_card, step_card
from ordering.web.quick_order.desk import Desk
from ordering.web.quick_order.problems import more_products, problem_rows
from ordering.web.quick_order.rows import line_count, total_by_unit, visible_row
from ordering.web.quick_order.scheme_notes import scheme_notes
from ui.web.column_choice import question_facts
from ui.web.joined_lists import join_list

COLUMN_OPTIONS = (
    (Meaning.SKU, gettext_lazy("Product: SKU, barcode or name")),
    (Meaning.QUANTITY, gettext_lazy("Quantity")),
    (Meaning.UNIT, gettext_lazy("Unit")),
)
ROWS_ON_A_PAGE, MAX_BLOCKED_LISTED, MAX_PROBLEMS_LISTED, MAX_REMARK_CHARACTERS = 50, 10, 100, 60
WHO_CHANGES_PRICES = ["region_manager", "director", "owner"]


def page_facts(
    request: ActorRequest, desk: Desk, edited: EditedDraft | None = None, *, accepts: bool = False
) -> dict[str, Any]:
    """Return the facts of the page, priced today; `edited` adds what could not be added.

    The draft stores the prices of its new lines, and with `accepts` today's prices of all of them.
    """
    sheet = price_sheet(
        seller_id=desk.seller.id, buyer_id=desk.buyer.id, lines=desk.lines, on=timezone.localdate()
    )
    query = desk.query(cart=str(desk.cart.id) if desk.cart else "")
    changes = _changes_since(desk, sheet, accepts=accepts)
    page = _page(request, sheet)
    good, blocked = sheet.good, sheet.blocked
    return {
        "desk": desk,
        "sheet": sheet,
        "rows": [visible_row(row, sheet, query, may_override=may_override(desk)) for row in page.object_list],
        "page": page,
        "previous_url": desk.url(page=str(page.number - 1)),
        "next_url": desk.url(page=str(page.number + 1)),
        "good": good,
        "good_lines": line_count(len(good)),
        "units": total_by_unit(good),
        "blocked": blocked,
        "blocked_places": join_list(row.position for row in blocked[:MAX_BLOCKED_LISTED]),
        "applied": [(sheet.names.get(one.code, one.code), -one.worth) for one in sheet.applied],
        "step": step_card(sheet),
        "scheme_notes": scheme_notes(sheet),
        "credit": credit_card(sheet, with_figures=desk.actor.may("ledger.view")),
        "displayed": displayed_total(sheet),
        "changes_since": changes,
        "ended_schemes": [(sheet.names.get(one.code, one.code), one.worth) for one in changes.ended],
        "may_override": may_override(desk),
        "question": _question(edited) if edited else None,
        **_unread_facts(desk, edited),
        "notice": added_notice(edited) if edited else "",
        "typed": edited.typed if edited else "",
        "projection": _projection_url(desk, sheet),
        "contacts": _contacts(desk, blocked),
    }


def may_override(desk: Desk) -> bool:
    """Return whether the actor may set prices of this draft by hand: as its seller, with the right."""
    return desk.actor.party_id == desk.seller.id and desk.actor.may(OVERRIDE_RIGHT)


def _changes_since(desk: Desk, sheet: Sheet, *, accepts: bool) -> Changes:
    """Return what changed since the draft was filled, and store the prices of what is new in it."""
    if desk.cart is None or sheet.priced is None:
        return Changes()
    filled = Filled() if accepts else filled_of(desk.cart.filled)
    store_filled(desk.cart, sheet.filled_now(filled))
    return sheet.changes_since(filled)


def displayed_total(sheet: Sheet) -> str:
    """Return what a form sends back, so that placing knows which total its sender saw."""
    return f"{len(sheet.good)}:{sheet.total}"


def added_notice(edited: EditedDraft) -> str:
    """Return the sentence that says what an edit added, "" for none."""
    count = edited.rows_added
    if edited.question is not None and not count:
        return ""
    if count is not None:
        what = ngettext("%(n)d row", "%(n)d rows", count) % {"n": count}
    elif edited.added_last_order:
        what = _("the last order")
    else:
        return ""
    sentences = [_("Added: %(what)s.") % {"what": what}]
    if edited.rows_blank:
        blank = ngettext(
            "%(n)d row without a quantity is not ordered.",
            "%(n)d rows without a quantity are not ordered.",
            edited.rows_blank,
        )
        sentences.append(blank % {"n": edited.rows_blank})
    if edited.remarks:
        remarks = " / ".join(one[:MAX_REMARK_CHARACTERS] for one in edited.remarks)
        sentences.append(_("No goods, and skipped: %(lines)s") % {"lines": remarks})
    return " ".join(sentences)


def _question(edited: EditedDraft) -> dict[str, Any] | None:
    """Return the facts of the question about a table's columns, None if there is none."""
    if edited.question is None:
        return None
    error = ""
    if edited.is_unanswered:
        error = _("Choose one column of products and one of quantities.")
    facts = question_facts(edited.question, COLUMN_OPTIONS, edited.chosen)
    return facts | {"error": error, "waiting": edited.waiting}


def _unread_facts(desk: Desk, edited: EditedDraft | None) -> dict[str, Any]:
    """Return the rows that could not be added, and the products that they and the typed line may mean."""
    if edited is None:
        return {"problems": [], "candidates": []}
    problems = edited.problems[:MAX_PROBLEMS_LISTED]
    offered = [one for problem in problems for one in problem.candidates]
    priced = priced_candidates(desk, [*edited.candidates, *offered])
    return {
        "problems": problem_rows(problems, priced),
        "problem_count": len(edited.problems),
        "more_problems": len(edited.problems) - len(problems),
        "to_accept": sum(problem.only is not None for problem in edited.problems),
        "problem_text": edited.unread,
        "candidates": visible_candidates(edited.candidates, priced),
        "more_candidates": more_products(edited.more_candidates),
    }


def _page(request: ActorRequest, sheet: Sheet) -> Page[SheetRow]:
    number = request.POST.get("page") or request.GET.get("page")
    return Paginator(sheet.rows, ROWS_ON_A_PAGE).get_page(number)


def _contacts(desk: Desk, blocked: Sequence[SheetRow]) -> str:
    """Return the people at the seller who can change a blocked price, "" where none is blocked."""
    if not any(row.state in {"block", "no_price"} for row in blocked):
        return ""
    return join_list(contact_names(desk.seller.id, WHO_CHANGES_PRICES))


def _projection_url(desk: Desk, sheet: Sheet) -> str:
    """Return the address of the rebates' card about this order, "" where the actor has none."""
    if desk.cart is None or not sheet.good or not desk.actor.may("rebate.view"):
        return ""
    try:
        url = reverse("rebate-projection")
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode({'cart': str(desk.cart.id)})}"
