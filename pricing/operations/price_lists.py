"""Operations on price lists, from draft to withdrawal.

A published list is never edited; a new version replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rights import Actor
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from pricing.audit_actions import PriceListAction
from pricing.models import PriceList
from pricing.operations.dry_run.demands import demanded_run, record_publication, run_changes
from pricing.operations.entries import check_breaks, read_entries, write_entries
from pricing.operations.publishing import PUBLISH_LIST, list_changes
from pricing.operations.sellers import (
    CodeTaken,
    WrongState,
    check_audience,
    check_period,
    ended_on,
    must_price_for,
)
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import Tenant

Rows = Sequence[Mapping[str, object]]


class UnknownPriceList(Refusal):
    code = "not_found"


_OTHER_BASIS = {
    True: gettext_lazy("Your company's price lists are without tax. Change the draft to prices without tax."),
    False: gettext_lazy("Your company's price lists are with tax. Change the draft to prices with tax."),
}


class OtherTaxBasis(Refusal):
    """Spreads, price drops and dry runs compare the prices of a tenant on one tax basis."""

    code = "other_tax_basis"


class EmptyPriceList(Refusal):
    code = "empty"


def draft_price_list(*, price_list: PriceList, entries: Rows = (), by: Actor, at: datetime) -> PriceList:
    """Save a new draft with its entries {sku, price, per?, min_qty?, advised_resale?}.

    Raise InvalidRows, BadAudience, BadPeriod, or CodeTaken if the seller has used the code.
    """
    must_price_for(price_list.seller_id, by=by)
    _check(price_list)
    read, products = read_entries(entries)
    price_list.state, price_list.version = PriceList.State.DRAFT, 1
    with joined_transaction():
        try:
            with transaction.atomic():
                price_list.save(force_insert=True)
        except IntegrityError as error:
            message = _("The seller has a price list with the code %(code)s already.")
            raise CodeTaken(message % {"code": price_list.code}, field="code") from error
        write_entries(price_list.id, read, products)
        record(PriceListAction.DRAFT, price_list, by=by, at=at, code=price_list.code, entries=len(read))
    return price_list


def edit_price_list(*, price_list: PriceList, by: Actor, at: datetime) -> PriceList:
    """Save the changed fields of a draft; seller, code and version do not change."""
    with joined_transaction():
        stored = locked_draft(price_list.id, by=by)
        _check(price_list)
        price_list.seller_id, price_list.code = stored.seller_id, stored.code
        price_list.version, price_list.state = stored.version, stored.state
        price_list.save(force_update=True)
        record(PriceListAction.EDIT, stored, by=by, at=at, code=stored.code)
    return price_list


def set_entries(*, price_list_id: UUID, entries: Rows, by: Actor, at: datetime) -> int:
    """Replace the entries of a draft; return their number."""
    with joined_transaction():
        stored = locked_draft(price_list_id, by=by)
        written = write_entries(stored.id, *read_entries(entries))
        record(PriceListAction.SET_ENTRIES, stored, by=by, at=at, code=stored.code, entries=written)
    return written


def publish_price_list(
    *, price_list_id: UUID, by: Actor, at: datetime, reason: str = ""
) -> PriceList | Approval:
    """Publish a draft, or request it: a second person approves the manufacturer's prices.

    The manufacturer's list that breaks a promise needs a `reason`. Raise EmptyPriceList, WrongState,
    InvalidRows for a price that rises with the quantity, and what `demanded_run` and `request_approval`
    raise.
    """
    with joined_transaction():
        draft = _publishable(price_list_id, by=by)
        run = demanded_run(draft, reason=reason, by=by, at=at)
        values = {"price_list_id": str(draft.id)} | ({"reason": reason} if run and run.breaking else {})
        waiting = request_approval(
            PUBLISH_LIST,
            draft,
            title=f"{draft.code} {draft.name}".strip(),
            values=values,
            changes=[*run_changes(run, reason), *list_changes(draft, timezone.localtime(at).date())],
            by=by,
            at=at,
        )
        return waiting or apply_list(values, by=by, at=at)


def apply_list(values: dict[str, Any], *, by: Actor, at: datetime) -> PriceList:
    """Put a draft into force. A published version of the same code ends on the day on which it begins.

    The draft begins on its first day or, without one, today.
    """
    with joined_transaction():
        draft = _publishable(UUID(values["price_list_id"]), by=by)
        reason = values.get("reason", "")
        run = demanded_run(draft, reason=reason, by=by, at=at)
        today = timezone.localtime(at).date()
        replaced = _replace(draft, today)
        draft.state = PriceList.State.PUBLISHED
        draft.save(update_fields=["state", "starts_on"])
        facts = {"code": draft.code, "version": draft.version, "replaced": replaced}
        facts |= record_publication(run, reason=reason, by=by, at=at)
        record(PriceListAction.PUBLISH, draft, by=by, at=at, **facts)
        announce("pricing.published", {"price_list_id": str(draft.id)}, at=at)
    return draft


def _publishable(price_list_id: UUID, *, by: Actor) -> PriceList:
    draft = locked_draft(price_list_id, by=by)
    _check(draft)
    if not draft.entries.exists():
        raise EmptyPriceList(_("A price list without prices cannot be published."), field="entries")
    if draft.tax_included != Tenant.objects.get(id=active_tenant_id()).prices_include_tax:
        raise OtherTaxBasis(str(_OTHER_BASIS[draft.tax_included]), field="tax_included")
    check_breaks(draft.id)
    return draft


def withdraw_price_list(*, price_list_id: UUID, by: Actor, at: datetime) -> PriceList:
    """Withdraw a published price list. Raise WrongState for any other state."""
    with joined_transaction():
        found = locked_list(price_list_id, by=by)
        if found.state != PriceList.State.PUBLISHED:
            raise WrongState(_("Only a published price list can be withdrawn."), state=found.state)
        found.state = PriceList.State.WITHDRAWN
        found.ended_on = ended_on(found.until, timezone.localtime(at).date())
        found.save(update_fields=["state", "ended_on"])
        record(PriceListAction.WITHDRAW, found, by=by, at=at, code=found.code, version=found.version)
    return found


def _check(price_list: PriceList) -> None:
    check_audience(price_list.audience_kind, price_list.audience_value)
    check_period(price_list.starts_on, price_list.until)


def locked_list(price_list_id: UUID, *, by: Actor) -> PriceList:
    """Return a list of the actor's own sales, locked. Raise UnknownPriceList or NotAllowed."""
    by.must("price.edit")
    found = PriceList.objects.select_for_update().filter(id=price_list_id).first()
    if found is None:
        raise UnknownPriceList(_("There is no such price list."), field="price_list")
    must_price_for(found.seller_id, by=by)
    return found


def locked_draft(price_list_id: UUID, *, by: Actor) -> PriceList:
    """Return a draft of the actor's own sales, locked. Raise WrongState for a list that was published."""
    found = locked_list(price_list_id, by=by)
    if found.state != PriceList.State.DRAFT:
        message = _("This price list was published: its prices stay. Make a new version of it.")
        raise WrongState(message, state=found.state)
    return found


def _replace(draft: PriceList, today: date) -> list[int]:
    """End the published versions that overlap the draft; return their version numbers in order."""
    overlapping = PriceList.objects.filter(
        Q(until__isnull=True) | Q(until__gt=draft.starts_on or today),
        seller_id=draft.seller_id,
        code=draft.code,
        state=PriceList.State.PUBLISHED,
    ).exclude(id=draft.id)
    older = list(overlapping.select_for_update().order_by("id"))
    if not older and draft.starts_on is None:
        return []
    begins = draft.starts_on or today
    draft.starts_on = begins
    for one in older:
        if one.starts_on is not None and one.starts_on >= begins:
            one.state, one.ended_on = PriceList.State.WITHDRAWN, ended_on(one.until, today)
        else:
            one.ended_on, one.until = ended_on(one.until, max(begins, today)), begins
        one.save(update_fields=["state", "until", "ended_on"])
    return sorted(one.version for one in older)
