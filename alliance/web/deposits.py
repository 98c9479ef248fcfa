"""The page of a contract's security deposit: due, received, open, and what the account recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.queries.deposits import ContractDeposit, deposits_of
from alliance.web.contracts import visible_contract
from alliance.web.stages import stage_badge
from ledger.queries import Statement, statements_of_account
from ui.web.components import Badge, Kpi
from ui.web.numbers import grouped

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@entering("contract.view")
@require_GET
def deposit(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Display the deposit of a contract, with the movements of the account for those who see the ledger."""
    actor = request.actor
    found = visible_contract(actor, contract_id)
    held = deposits_of([found])[found.id]
    statement = Statement()
    if held.book_id is not None and actor.may("ledger.view"):
        lines = statements_of_account(book_id=held.book_id, since=BEGINNING, until=timezone.now())
        statement = lines["security_deposit"]
    page = {
        "contract": found,
        "badge": stage_badge(found),
        "deposit": held,
        "deposit_badge": deposit_badge(held),
        "kpis": _kpis(held),
        "lines": statement.lines,
        "balance": statement.closing,
        "records": actor.may("ledger.post") and actor.party_id == found.dealer_id,
        "sees_book": actor.may("ledger.view") and held.book_id is not None,
    }
    return render(request, "alliance/deposit.html", page)


def deposit_badge(held: ContractDeposit) -> Badge:
    """Return the badge of a deposit: to be returned, received, open, or not due."""
    if held.to_return > 0:
        return Badge(_("to be returned"), "warn", "arrow-back-up")
    if held.due <= 0:
        return Badge(_("nothing due"), "", "circle-dashed")
    if held.open > 0:
        return Badge(_("open"), "warn", "clock")
    return Badge(_("received"), "good", "circle-check")


def _kpis(held: ContractDeposit) -> list[Kpi]:
    figures = [
        Kpi(_("Agreed"), grouped(held.agreed, 2)),
        Kpi(pgettext("deposit", "Due"), grouped(held.due, 2)),
        Kpi(_("Received"), grouped(held.received, 2)),
        Kpi(_("Open"), grouped(held.open, 2), mood="warn" if held.open > 0 else ""),
    ]
    if held.to_return > 0:
        figures.append(Kpi(_("To be returned"), grouped(held.to_return, 2), mood="warn"))
    return figures
