"""Open a trial of a product, take the feedback of its parties, extend it, and give the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from assortment.audit_actions import TrialAction
from assortment.models import ASPECTS, MAX_SCORE, MIN_SCORE, Trial, TrialParty
from audit.operations.recording import record
from catalogue.models import Product
from catalogue.operations.life_cycle import move_stage
from dealers.models import Party
from jobs.operations.outbox import announce
from kernel.quantities import MAX_UNITS
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_PARTIES = 500
STAGE_AFTER = {Trial.Verdict.LAUNCH: Product.Stage.ACTIVE, Trial.Verdict.DROP: Product.Stage.ENDED}


class BadTrial(Refusal):
    code = "bad_trial"


class NoSuchTrial(Refusal):
    code = "not_found"


class TrialDecided(Refusal):
    code = "wrong_state"


def open_trial(
    *,
    sku: str,
    purpose: str,
    starts_on: date,
    until: date,
    parties: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> Trial:
    """Open a trial in `[starts_on, until)` with parties {code: planned base units} and notify them.

    A product in development moves to the stage of trial. Raises BadTrial with the field, and what
    move_stage raises.
    """
    by.must("catalogue.edit")
    purpose = _checked_text(purpose, "purpose", 200)
    if until <= starts_on:
        raise BadTrial(_("It ends before it starts."), field="until")
    if not 1 <= len(parties) <= MAX_PARTIES:
        message = _("A trial has 1 to %(most)s parties.") % {"most": MAX_PARTIES}
        raise BadTrial(message, field="parties")
    if any(not 0 <= qty <= MAX_UNITS for qty in parties.values()):
        message = _("A planned quantity is between 0 and %(most)s.") % {"most": MAX_UNITS}
        raise BadTrial(message, field="parties")
    with joined_transaction():
        product = _product_for_trial(sku)
        known = {one.code: one for one in Party.objects.filter(code__in=list(parties), is_active=True)}
        if unknown := [code for code in parties if code not in known]:
            message = _("There is no partner %(codes)s.") % {"codes": ", ".join(unknown[:10])}
            raise BadTrial(message, field="parties")
        if product.stage != Product.Stage.TRIAL:
            move_stage(product_id=product.id, stage=Product.Stage.TRIAL, by=by, at=at, reason=purpose)
        trial: Trial = Trial.objects.create(
            product=product,
            purpose=purpose,
            starts_on=starts_on,
            until=until,
            opened_at=at,
            opened_by=by.label[:200],
        )
        TrialParty.objects.bulk_create(
            [TrialParty(trial=trial, party=known[code], planned_qty=qty) for code, qty in parties.items()]
        )
        facts = {"sku": product.sku, "until": f"{until}", "parties": sorted(parties)[:50]}
        record(TrialAction.OPEN, trial, by=by, at=at, **facts)
        announce("assortment.trial_opened", {"trial_id": str(trial.id)}, at=at)
    return trial


def _product_for_trial(sku: str) -> Product:
    product: Product | None = Product.objects.select_for_update().filter(sku=sku.strip()).first()
    if product is None:
        raise BadTrial(_("There is no product with this SKU."), field="sku")
    if product.stage not in (Product.Stage.DEVELOPMENT, Product.Stage.TRIAL):
        raise BadTrial(_("Only a product in development or on trial is tried."), field="sku")
    if Trial.objects.filter(product=product, verdict="").exists():
        raise BadTrial(_("This product has an open trial already."), field="sku")
    return product


def answer_trial(
    *, trial_id: UUID, scores: Mapping[str, int], comment: str, by: Actor, at: datetime
) -> TrialParty:
    """Store the feedback of the actor's party: a score for each aspect, and a comment; it may be changed.

    Raises NoSuchTrial unless the trial names the party, TrialDecided, BadTrial with the field.
    """
    by.must("trial.answer")
    for aspect in ASPECTS:
        if not MIN_SCORE <= scores.get(aspect, 0) <= MAX_SCORE:
            words = {"low": MIN_SCORE, "high": MAX_SCORE}
            raise BadTrial(_("Give a score from %(low)s to %(high)s.") % words, field=aspect)
    comment = _checked_text(comment, "comment", 1000, required=False)
    with joined_transaction():
        trial = _open(trial_id)
        rows = TrialParty.objects.select_for_update().filter(trial=trial)
        row: TrialParty | None = rows.filter(party_id=by.party_id).first() if by.party_id else None
        if row is None:
            raise NoSuchTrial(_("There is no such trial."), field="trial")
        for aspect in ASPECTS:
            setattr(row, aspect, scores[aspect])
        row.comment, row.answered_at, row.answered_by = comment, at, by.label[:200]
        row.save()
        facts = {aspect: scores[aspect] for aspect in ASPECTS}
        record(TrialAction.ANSWER, trial, by=by, at=at, party=str(by.party_id), **facts)
    return row


def extend_trial(*, trial_id: UUID, until: date, reason: str, by: Actor, at: datetime) -> Trial:
    """Let an open trial end later, and notify its parties. Raises NoSuchTrial, TrialDecided, BadTrial."""
    by.must("catalogue.edit")
    reason = _checked_text(reason, "reason", 500)
    with joined_transaction():
        trial = _open(trial_id)
        if until <= trial.until:
            raise BadTrial(_("The new last day is later than the present one."), field="until")
        trial.until = until
        trial.save(update_fields=["until"])
        record(TrialAction.EXTEND, trial, by=by, at=at, until=f"{until}", reason=reason)
        body = {"trial_id": str(trial.id), "reason": reason, "until": f"{until}"}
        announce("assortment.trial_extended", body, at=at)
    return trial


def decide_trial(*, trial_id: UUID, verdict: str, reason: str, by: Actor, at: datetime) -> Trial:
    """Give the verdict of a named person: the product goes on sale or ends; the parties are notified.

    Raises NoSuchTrial, TrialDecided, BadTrial, and what move_stage raises.
    """
    by.must("catalogue.edit")
    reason = _checked_text(reason, "reason", 300)
    if verdict not in Trial.Verdict.values:
        raise BadTrial(_("There is no such decision."), field="verdict")
    with joined_transaction():
        trial = _open(trial_id)
        stage = STAGE_AFTER[Trial.Verdict(verdict)]
        move_stage(product_id=trial.product_id, stage=stage, by=by, at=at, reason=reason)
        trial.verdict, trial.verdict_reason = verdict, reason
        trial.verdict_by, trial.verdict_at = by.label[:200], at
        trial.save(update_fields=["verdict", "verdict_reason", "verdict_by", "verdict_at"])
        record(TrialAction.DECIDE, trial, by=by, at=at, verdict=verdict, reason=reason)
        announce("assortment.trial_decided", {"trial_id": str(trial.id)}, at=at)
    return trial


def _open(trial_id: UUID) -> Trial:
    trial: Trial | None = Trial.objects.select_for_update().filter(id=trial_id).first()
    if trial is None:
        raise NoSuchTrial(_("There is no such trial."), field="trial")
    if trial.verdict:
        raise TrialDecided(_("The decision on this trial is given already."), field="trial")
    return trial


def _checked_text(text: str, field: str, longest: int, *, required: bool = True) -> str:
    text = text.strip()
    if (required and not text) or len(text) > longest:
        raise BadTrial(_("This needs 1 to %(longest)d characters.") % {"longest": longest}, field=field)
    return text
