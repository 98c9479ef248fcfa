"""Copies of a price list: the next version of the same code, and a list of another code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from kernel.cases import plain
from kernel.refusals import Refusal
from pricing.audit_actions import PriceListAction
from pricing.domain.list_entries import MAX_PLACES, repriced
from pricing.models import PriceEntry, PriceList
from pricing.operations.entries import check_entries, refuse_errors, stored_entries, write_entries
from pricing.operations.price_lists import locked_list
from pricing.operations.sellers import CodeTaken, WrongState, check_period
from tenancy.context import joined_transaction

MAX_PERCENT = Decimal(1000)
COPIED = ("seller_id", "audience_kind", "audience_value", "priority", "tax_included")


class BadRepricing(Refusal):
    code = "bad_repricing"


@dataclass(frozen=True, slots=True)
class Repricing:
    """How copied prices change: by `percent` (-2.5: less), rounded half up to `places`."""

    percent: Decimal = Decimal(0)
    places: int = MAX_PLACES
    with_advised: bool = False

    @property
    def changes_nothing(self) -> bool:
        return not self.percent and self.places == MAX_PLACES


AS_THEY_ARE = Repricing()


def new_version(
    *,
    price_list_id: UUID,
    by: Actor,
    at: datetime,
    starts_on: date | None = None,
    until: date | None = None,
    repricing: Repricing = AS_THEY_ARE,
) -> PriceList:
    """Return a draft of the next version of a list, with its entries repriced.

    Raise WrongState if there is a draft, BadPeriod, BadRepricing, or InvalidRows where rounding makes a
    break rise.
    """
    with joined_transaction():
        found = _copyable(price_list_id, starts_on, until, repricing, by=by)
        versions = PriceList.objects.filter(seller_id=found.seller_id, code=found.code)
        if versions.filter(state=PriceList.State.DRAFT).exists():
            raise WrongState(_("There is a draft of this price list already."), state="draft")
        version = versions.aggregate(last=Max("version"))["last"] + 1
        made = _draft_of(found, found.code, found.name, starts_on, until, version)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise WrongState(_("There is a draft of this price list already."), state="draft") from error
        _copy_entries(found, made, repricing)
        facts = _facts(repricing)
        record(PriceListAction.DRAFT_NEXT, made, by=by, at=at, code=made.code, version=version, **facts)
    return made


def copy_price_list(
    *,
    price_list_id: UUID,
    code: str,
    by: Actor,
    at: datetime,
    name: str = "",
    starts_on: date | None = None,
    until: date | None = None,
    repricing: Repricing = AS_THEY_ARE,
) -> PriceList:
    """Return a draft of another code with the entries of an own list, repriced.

    Raise CodeTaken, BadPeriod, BadRepricing, or InvalidRows where rounding makes a break rise.
    """
    with joined_transaction():
        found = _copyable(price_list_id, starts_on, until, repricing, by=by)
        made = _draft_of(found, code, name, starts_on, until, version=1)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            message = _("The seller has a price list with the code %(code)s already.")
            raise CodeTaken(message % {"code": code}, field="code") from error
        _copy_entries(found, made, repricing)
        facts = _facts(repricing)
        source = f"{found.code} v{found.version}"
        record(PriceListAction.COPY, made, by=by, at=at, code=code, source=source, **facts)
    return made


def _copyable(
    price_list_id: UUID, starts_on: date | None, until: date | None, repricing: Repricing, *, by: Actor
) -> PriceList:
    if not -100 < repricing.percent <= MAX_PERCENT:
        message = _("Prices change by more than -100% and at most 1000%.")
        raise BadRepricing(message, field="percent")
    if not 0 <= repricing.places <= MAX_PLACES:
        raise BadRepricing(_("Prices have 0 to 4 decimal places."), field="places")
    check_period(starts_on, until)
    return locked_list(price_list_id, by=by)


def _draft_of(
    found: PriceList, code: str, name: str, starts_on: date | None, until: date | None, version: int
) -> PriceList:
    values = {field: getattr(found, field) for field in COPIED}
    return PriceList(code=code, name=name, starts_on=starts_on, until=until, version=version, **values)


def _copy_entries(found: PriceList, made: PriceList, repricing: Repricing) -> None:
    """Copy the entries in three statements; where prices are changed, check them like typed ones."""
    rows = PriceEntry.objects.filter(price_list=found)
    entries = stored_entries(rows)
    products = dict(rows.values_list("product__sku", "product_id"))
    if not repricing.changes_nothing:
        percent, places, advised = repricing.percent, repricing.places, repricing.with_advised
        entries = [repriced(one, percent=percent, places=places, with_advised=advised) for one in entries]
        refuse_errors(check_entries([entry._asdict() for entry in entries]).errors)
    write_entries(made.id, entries, products)


def _facts(repricing: Repricing) -> dict[str, str]:
    return {} if repricing.changes_nothing else {"percent": plain(repricing.percent)}
