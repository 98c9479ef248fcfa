"""Operations on schemes. The domain's reader checks the terms before they are saved."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rights import Actor
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from catalogue.models import Product
from kernel.cases import InvalidCase
from kernel.refusals import Refusal
from pricing.audit_actions import SchemeAction
from pricing.models import Scheme
from pricing.operations.publishing import PUBLISH_SCHEME, scheme_changes
from pricing.operations.sellers import (
    CodeTaken,
    WrongState,
    check_audience,
    check_period,
    ended_on,
    must_price_for,
)
from pricing.queries.published_terms import RESERVED, StoredScheme, gift_skus, scheme_of
from tenancy.context import joined_transaction

ACTIONS = {
    Scheme.State.PUBLISHED: SchemeAction.PUBLISH,
    Scheme.State.WITHDRAWN: SchemeAction.WITHDRAW,
}


class BadTerms(Refusal):
    """Invalid terms. `field` is the path, like terms.steps[1].from; `reason` is the code of the rules."""

    code = "bad_terms"


class UnknownScheme(Refusal):
    code = "not_found"


def draft_scheme(*, scheme: Scheme, by: Actor, at: datetime) -> Scheme:
    """Save a new draft. Raise BadTerms, BadAudience, BadPeriod or CodeTaken."""
    must_price_for(scheme.seller_id, by=by)
    check_terms(scheme)
    scheme.state = Scheme.State.DRAFT
    with joined_transaction():
        try:
            with transaction.atomic():
                scheme.save(force_insert=True)
        except IntegrityError as error:
            message = _("The seller has a scheme with the code %(code)s already.")
            raise CodeTaken(message % {"code": scheme.code}, field="code") from error
        record(SchemeAction.DRAFT, scheme, by=by, at=at, code=scheme.code)
    return scheme


def edit_scheme(*, scheme: Scheme, by: Actor, at: datetime) -> Scheme:
    """Save the changed fields of a draft; seller and code do not change."""
    with joined_transaction():
        stored = _in_state(scheme.id, Scheme.State.DRAFT, by=by)
        scheme.seller_id, scheme.code, scheme.state = stored.seller_id, stored.code, stored.state
        check_terms(scheme)
        scheme.save(force_update=True)
        record(SchemeAction.EDIT, scheme, by=by, at=at, code=scheme.code)
    return scheme


def publish_scheme(*, scheme_id: UUID, by: Actor, at: datetime) -> Scheme | Approval:
    """Publish a draft, or request it: a second person approves the manufacturer's schemes.

    Raise BadTerms or WrongState, and what `request_approval` raises.
    """
    with joined_transaction():
        found = _in_state(scheme_id, Scheme.State.DRAFT, by=by)
        check_terms(found)
        values = {"scheme_id": str(found.id)}
        waiting = request_approval(
            PUBLISH_SCHEME,
            found,
            title=f"{found.code} {found.name}".strip(),
            values=values,
            changes=scheme_changes(found, timezone.localtime(at).date()),
            by=by,
            at=at,
        )
        return waiting or apply_scheme(values, by=by, at=at)


def apply_scheme(values: dict[str, Any], *, by: Actor, at: datetime) -> Scheme:
    """Put a draft into force after checking its terms again."""
    with joined_transaction():
        found = _in_state(UUID(values["scheme_id"]), Scheme.State.DRAFT, by=by)
        check_terms(found)
        return _move(found, Scheme.State.PUBLISHED, by=by, at=at)


def withdraw_scheme(*, scheme_id: UUID, by: Actor, at: datetime) -> Scheme:
    """Withdraw a published scheme. Raise WrongState for any other state."""
    with joined_transaction():
        found = _in_state(scheme_id, Scheme.State.PUBLISHED, by=by)
        return _move(found, Scheme.State.WITHDRAWN, by=by, at=at)


def check_terms(scheme: Scheme) -> None:
    """Raise BadTerms for terms that the rules cannot read and for SKUs without a product."""
    check_audience(scheme.audience_kind, scheme.audience_value)
    check_period(scheme.starts_on, scheme.until)
    terms = scheme.terms
    if not isinstance(terms, dict):
        raise BadTerms(_("The terms must be an object."), field="terms", reason="not_an_object")
    for key in sorted(terms.keys() & RESERVED):
        raise BadTerms(_("This is a field of its own."), field=f"terms.{key}", reason="unknown_key")
    try:
        read = scheme_of(StoredScheme(code=scheme.code, kind=scheme.kind, terms=json.dumps(terms)))
    except InvalidCase as wrong:
        where = wrong.field.replace("schemes[0].", "terms.").replace("schemes[0]", "terms")
        raise BadTerms(wrong.message, field=where, reason=wrong.code) from wrong
    named = (read.skus or frozenset()) | gift_skus([read])
    known = set(Product.objects.filter(sku__in=named).values_list("sku", flat=True))
    for sku in sorted(named - known):
        where = "terms.skus" if sku in (read.skus or ()) else "terms.gift_sku"
        message = _("There is no product with the SKU %(sku)s.") % {"sku": sku}
        raise BadTerms(message, field=where, reason="unknown_product")


def _in_state(scheme_id: UUID, state: Scheme.State, *, by: Actor) -> Scheme:
    by.must("price.edit")
    found = Scheme.objects.select_for_update().filter(id=scheme_id).first()
    if found is None:
        raise UnknownScheme(_("There is no such scheme."), field="scheme")
    must_price_for(found.seller_id, by=by)
    if found.state != state:
        message = _("The scheme is %(state)s.") % {"state": Scheme.State(found.state).label}
        raise WrongState(message, state=found.state)
    return found


def _move(scheme: Scheme, state: Scheme.State, *, by: Actor, at: datetime) -> Scheme:
    scheme.state = state
    if state == Scheme.State.WITHDRAWN:
        scheme.ended_on = ended_on(scheme.until, timezone.localtime(at).date())
    scheme.save(update_fields=["state", "ended_on"])
    record(ACTIONS[state], scheme, by=by, at=at, code=scheme.code)
    return scheme
