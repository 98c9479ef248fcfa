"""Correct a draft by what its dry run found: prices and advice come back within the guaranteed spreads."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from kernel.money import exact
from kernel.refusals import Refusal
from pricing.audit_actions import PriceListAction
from pricing.models import DryRunFinding, PriceEntry, PriceList
from pricing.operations.dry_run.demands import current_run
from pricing.operations.dry_run.running import UnknownDraft, request_dry_run
from pricing.operations.sellers import WrongState, must_price_for
from tenancy.context import joined_transaction

PLACES = Decimal("0.0001")


class NothingToCorrect(Refusal):
    code = "nothing_to_correct"


def correct_draft(*, price_list_id: UUID, by: Actor, at: datetime) -> int:
    """Bring the rows that break guaranteed spreads back within them, and request a new dry run.

    Return the number of rows. A price that is too high falls to the advised resale price less the guaranteed
    spread; advice that is too low rises to what the member pays and the spread. Inverted steps are left to
    the person. Raise NothingToCorrect, and what `current_run` raises for a dry run that is outdated.
    """
    by.must("price.edit")
    with joined_transaction():
        draft = PriceList.objects.select_for_update().filter(id=price_list_id).first()
        if draft is None:
            raise UnknownDraft(_("There is no such price list."), field="price_list")
        must_price_for(draft.seller_id, by=by)
        if draft.state != PriceList.State.DRAFT:
            raise WrongState(_("Only a draft can be corrected."), state=draft.state)
        run = current_run(draft, at)
        found = DryRunFinding.objects.filter(dry_run=run, kind="spread")
        highest, advised = _bounds([one for one in found if Decimal(one.facts["shortfall"]) > 0])
        rows = list(draft.entries.filter(product__in={*highest, *advised}))
        changed = [
            row for row in rows if _correct(row, highest.get(row.product_id), advised.get(row.product_id))
        ]
        if not changed:
            raise NothingToCorrect(_("No row of this draft can be corrected by a guaranteed spread."))
        PriceEntry.objects.bulk_update(changed, ["price", "advised_resale"], batch_size=1000)
        record(PriceListAction.SET_ENTRIES, draft, by=by, at=at, code=draft.code, corrected=len(changed))
        request_dry_run(price_list_id=draft.id, by=by, at=at)
    return len(changed)


Bounds = dict[UUID, Decimal]


def _bounds(findings: list[DryRunFinding]) -> tuple[Bounds, Bounds]:
    """Return the highest price and the lowest advice of a base unit that fulfil all contracts, by product."""
    highest: Bounds = {}
    advised: Bounds = {}
    for one in findings:
        guaranteed = Decimal(one.facts["guaranteed"])
        product = one.product_id
        assert product is not None  # a spread is of a product
        if one.facts["cause"] == "price":
            bound = Decimal(one.facts["advised"]) - guaranteed
            highest[product] = min(highest.get(product, bound), bound)
        else:
            bound = Decimal(one.facts["price"]) + guaranteed
            advised[product] = max(advised.get(product, bound), bound)
    return highest, advised


@exact
def _correct(row: PriceEntry, highest: Decimal | None, advised: Decimal | None) -> bool:
    """Change a row to its bounds; return whether it changed. A bound below 0 is no price."""
    before = (row.price, row.advised_resale)
    if highest is not None and highest >= 0:
        row.price = min(row.price, (highest * row.per).quantize(PLACES, ROUND_DOWN))
    if advised is not None and row.advised_resale is not None:
        row.advised_resale = max(row.advised_resale, (advised * row.per).quantize(PLACES, ROUND_UP))
    return (row.price, row.advised_resale) != before
