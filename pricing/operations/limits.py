"""Operations that set and end limits: floors and ceilings of the seller's own net prices."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor
from alliance.models import Contract
from audit.operations.recording import record
from dealers.models import Party
from kernel.refusals import Refusal
from pricing.audit_actions import LimitAction
from pricing.models import Limit
from pricing.operations.sellers import CodeTaken, check_period, must_price_for
from tenancy.context import joined_transaction

BUYING_LEVELS = (Party.Kind.DEALER, Party.Kind.MEMBER, Party.Kind.OUTLET)


class BadLimit(Refusal):
    code = "bad_limit"


class UnknownLimit(Refusal):
    code = "not_found"


def set_limit(*, limit: Limit, by: Actor, at: datetime) -> Limit:
    """Save a new or changed limit of the seller's own prices.

    Raise BadLimit, BadPeriod, or CodeTaken if the clause has another limit for the same goods and buyers.
    """
    must_price_for(limit.seller_id, by=by)
    _check(limit)
    with joined_transaction():
        stored = Limit.objects.select_for_update().filter(id=limit.id).first()
        if stored is not None:
            must_price_for(stored.seller_id, by=by)
        try:
            with transaction.atomic():
                limit.save(force_insert=stored is None, force_update=stored is not None)
        except IntegrityError as error:
            message = _("There is a limit of this clause for these goods and buyers already.")
            raise CodeTaken(message, field="clause") from error
        record(LimitAction.SET, limit, by=by, at=at, clause=limit.clause)
    return limit


def end_limit(*, limit_id: UUID, on: date, by: Actor, at: datetime) -> Limit:
    """End a limit: the day before `on` is the last on which it applies. Raise UnknownLimit."""
    by.must("price.edit")
    with joined_transaction():
        limit = Limit.objects.select_for_update().filter(id=limit_id).first()
        if limit is None:
            raise UnknownLimit(_("There is no such limit."), field="limit")
        must_price_for(limit.seller_id, by=by)
        limit.until = on
        limit.save(update_fields=["until"])
        record(LimitAction.END, limit, by=by, at=at, clause=limit.clause, until=on.isoformat())
    return limit


def _check(limit: Limit) -> None:
    check_period(limit.starts_on, limit.until)
    if limit.action not in Limit.Action.values:
        raise BadLimit(_("There is no such action."), field="action")
    if not limit.clause:
        raise BadLimit(_("A limit names its clause."), field="clause")
    if limit.product_id is not None and limit.category_id is not None:
        raise BadLimit(_("A limit is for a product or for a category, not for both."), field="category")
    if limit.level and limit.level not in BUYING_LEVELS:
        raise BadLimit(_("There is no such level of buyers."), field="level")
    bounds = {"floor": limit.floor, "ceiling": limit.ceiling}
    if limit.floor is None and limit.ceiling is None:
        raise BadLimit(_("A limit has a floor, a ceiling or both."), field="floor")
    for name, bound in bounds.items():
        if bound is not None and bound < 0:
            raise BadLimit(_("This may not be negative."), field=name)
    if limit.floor is not None and limit.ceiling is not None and limit.floor > limit.ceiling:
        raise BadLimit(_("The ceiling is below the floor."), field="ceiling")
    if limit.contract_code and not Contract.objects.filter(code=limit.contract_code).exists():
        raise BadLimit(_("There is no such contract."), field="contract_code")
