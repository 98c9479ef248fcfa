"""Operations on schemes. The domain's reader checks the terms before they are saved."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rights import Actor
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from catalogue.models import Category, Product
from kernel.cases import InvalidCase
from kernel.refusals import Refusal
from pricing.audit_actions import SchemeAction
from pricing.models import Scheme, SchemeBudget
from pricing.models.audience import TermsState
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
from pricing.queries.scheme_conflicts import conflicts_of
from tenancy.context import joined_transaction

ACTIONS = {
    Scheme.State.PUBLISHED: SchemeAction.PUBLISH,
    Scheme.State.WITHDRAWN: SchemeAction.WITHDRAW,
}

COPIED = (
    "seller_id",
    "code",
    "name",
    "kind",
    "audience_kind",
    "audience_value",
    "priority",
    "exclusive_group",
    "terms",
    "budget_money",
    "budget_units",
    "buyer_money",
    "buyer_units",
)


class BadTerms(Refusal):
    """Invalid terms. `field` is the path, like terms.steps[1].from; `reason` is the code of the rules."""

    code = "bad_terms"


class SchemeConflicts(Refusal):
    """Published schemes meet the draft and are not acknowledged; `schemes` are their codes."""

    code = "scheme_conflicts"


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
        scheme.seller_id, scheme.code = stored.seller_id, stored.code
        scheme.version, scheme.state = stored.version, stored.state
        check_terms(scheme)
        scheme.save(force_update=True)
        record(SchemeAction.EDIT, scheme, by=by, at=at, code=scheme.code)
    return scheme


def publish_scheme(
    *, scheme_id: UUID, by: Actor, at: datetime, acknowledged: Collection[str] = ()
) -> Scheme | Approval:
    """Publish a draft, or request it: a second person approves the manufacturer's schemes.

    Published schemes that meet it for the same buyers must be `acknowledged` by their codes. Raise BadTerms,
    WrongState or SchemeConflicts, and what `request_approval` raises.
    """
    with joined_transaction():
        found = _in_state(scheme_id, Scheme.State.DRAFT, by=by)
        check_terms(found)
        check_conflicts(found, acknowledged)
        values = {"scheme_id": str(found.id), "acknowledged": sorted(acknowledged)}
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
    """Put a draft into force after checking its terms and conflicts again.

    A published version of the same code ends on the day on which it begins.
    """
    with joined_transaction():
        found = _in_state(UUID(values["scheme_id"]), Scheme.State.DRAFT, by=by)
        check_terms(found)
        check_conflicts(found, values.get("acknowledged", ()))
        _replace(found, timezone.localtime(at).date())
        if found.has_budget:
            SchemeBudget.objects.create(scheme=found)
        return _move(found, Scheme.State.PUBLISHED, by=by, at=at)


def _replace(draft: Scheme, today: date) -> None:
    """End the published versions that overlap the draft, which begins today if it has no first day."""
    begins = draft.starts_on or today
    older = Scheme.objects.filter(
        Q(until__isnull=True) | Q(until__gt=begins),
        seller_id=draft.seller_id,
        code=draft.code,
        state=Scheme.State.PUBLISHED,
    )
    for one in older.select_for_update().order_by("id"):
        draft.starts_on = begins
        if one.starts_on is not None and one.starts_on >= begins:
            one.state, one.ended_on = Scheme.State.WITHDRAWN, ended_on(one.until, today)
        else:
            one.ended_on, one.until = ended_on(one.until, max(begins, today)), begins
        one.save(update_fields=["state", "until", "ended_on"])


def check_conflicts(draft: Scheme, acknowledged: Collection[str]) -> None:
    """Raise SchemeConflicts unless every published scheme that meets the draft is acknowledged."""
    codes = [one.code for one in conflicts_of(draft) if one.code not in acknowledged]
    if codes:
        message = _("It meets schemes in force: %(codes)s. Look at them and confirm.")
        raise SchemeConflicts(message % {"codes": ", ".join(codes)}, field="acknowledged", schemes=codes)


def new_version(*, scheme_id: UUID, by: Actor, at: datetime) -> Scheme:
    """Return a draft of the next version with the same terms. Raise WrongState if there is a draft."""
    by.must("price.edit")
    with joined_transaction():
        found = _locked(scheme_id, by=by)
        versions = Scheme.objects.filter(seller_id=found.seller_id, code=found.code)
        if versions.filter(state=Scheme.State.DRAFT).exists():
            raise WrongState(_("There is a draft of this scheme already."), state="draft")
        copied = {name: getattr(found, name) for name in COPIED}
        last = versions.aggregate(last=Max("version"))["last"]
        made = Scheme(**copied, version=last + 1)
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            raise WrongState(_("There is a draft of this scheme already."), state="draft") from error
        record(SchemeAction.DRAFT_NEXT, made, by=by, at=at, code=made.code, version=made.version)
    return made


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
    _check_categories(terms)
    _check_budgets(scheme)
    named = (read.skus or frozenset()) | gift_skus([read])
    known = set(Product.objects.filter(sku__in=named).values_list("sku", flat=True))
    for sku in sorted(named - known):
        covered = "terms.items" if scheme.kind == Scheme.Kind.BUNDLE else "terms.skus"
        where = covered if sku in (read.skus or ()) else "terms.gift_sku"
        message = _("There is no product with the SKU %(sku)s.") % {"sku": sku}
        raise BadTerms(message, field=where, reason="unknown_product")


def _check_categories(terms: dict[str, Any]) -> None:
    codes = terms.get("categories", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise BadTerms(_("This must be a list."), field="terms.categories", reason="not_a_list")
    if codes and "items" in terms:
        raise BadTerms(_("A bundle has no categories."), field="terms.categories", reason="unknown_key")
    known = set(Category.objects.filter(code__in=codes).values_list("code", flat=True)) if codes else set()
    for code in codes:
        if code not in known:
            message = _("There is no category with the code %(code)s.") % {"code": code}
            raise BadTerms(message, field="terms.categories", reason="unknown_category")


def _check_budgets(scheme: Scheme) -> None:
    for name in ("budget_money", "budget_units", "buyer_money", "buyer_units"):
        value = getattr(scheme, name)
        if value is not None and value <= 0:
            raise BadTerms(_("This must be more than zero."), field=name, reason="zero")


def _locked(scheme_id: UUID, *, by: Actor) -> Scheme:
    by.must("price.edit")
    found = Scheme.objects.select_for_update().filter(id=scheme_id).first()
    if found is None:
        raise UnknownScheme(_("There is no such scheme."), field="scheme")
    must_price_for(found.seller_id, by=by)
    return found


def _in_state(scheme_id: UUID, state: TermsState, *, by: Actor) -> Scheme:
    found = _locked(scheme_id, by=by)
    if found.state != state:
        message = _("The scheme is %(state)s.") % {"state": Scheme.State(found.state).label}
        raise WrongState(message, state=found.state)
    return found


def _move(scheme: Scheme, state: TermsState, *, by: Actor, at: datetime) -> Scheme:
    scheme.state = state
    if state == Scheme.State.WITHDRAWN:
        scheme.ended_on = ended_on(scheme.until, timezone.localtime(at).date())
    scheme.save(update_fields=["state", "starts_on", "ended_on"])
    record(ACTIONS[state], scheme, by=by, at=at, code=scheme.code)
    return scheme
