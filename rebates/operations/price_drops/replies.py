"""The buyer's side of a price-drop claim: it accepts, states other stock, or disputes; silence accepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from alliance.operations.application_files import CheckedFile, SentFile, checked_files
from audit.operations.recording import record, record_many
from jobs.operations.outbox import announce, announce_many
from kernel.money import ZERO_MONEY
from kernel.quantities import MAX_UNITS
from kernel.refusals import Refusal
from pricing.queries.price_changes import PriceChange
from rebates.audit_actions import PriceDropAction
from rebates.models import PriceDropClaim, PriceDropDocument, PriceDropLayer, PriceDropLine
from rebates.operations.price_drops.computing import least_amount
from rebates.operations.price_drops.counting import count_lines
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

State, Reply = PriceDropClaim.State, PriceDropClaim.Reply
MAX_SILENT = 5_000


class UnknownClaim(Refusal):
    code = "not_found"


class ClaimClosed(Refusal):
    """The claim does not wait for this any more."""

    code = "wrong_state"


class BadClaimReply(Refusal):
    code = "bad_reply"


def reply_to_claim(
    *,
    claim_id: UUID,
    reply: str,
    reason: str = "",
    stocks: Mapping[str, int] | None = None,
    files: Sequence[SentFile] = (),
    by: Actor,
    at: datetime,
) -> PriceDropClaim:
    """Record the reply of a claim's buyer within its days; the same reply again changes nothing.

    `stocks` are the units on hand by SKU that it states, which are counted anew. Stock that differs from
    figures needs a reason and a document; a dispute needs a reason. Raise NotAllowed for others than the
    buyer, ClaimClosed, FileRefused or BadClaimReply.
    """
    by.must("price_drop.reply")
    reason, documents = reason.strip(), checked_files(files)
    with joined_transaction():
        claim = lock_claim(claim_id, by)
        if by.party_id != claim.party_id:
            raise NotAllowed(_("Only the partner replies to its claim."), right="price_drop.reply")
        if claim.state == State.REPLIED and (claim.reply, claim.reply_reason) == (reply, reason):
            return claim
        if claim.state != State.WAITING:
            raise ClaimClosed(_("This claim does not wait for a reply any more."), field="state")
        if claim.reply_by < day_of_tenant(at):
            message = _("The last day to reply was %(day)s.")
            raise ClaimClosed(message % {"day": claim.reply_by.isoformat()}, field="reply_by")
        if reply == Reply.CORRECTED:
            _state_stock(claim, dict(stocks or {}), reason, documents)
        elif reply == Reply.ACCEPTED and claim.unknown:
            raise BadClaimReply(_("State your stock: there are no figures of it here."), field="stocks")
        elif reply == Reply.DISPUTED and not reason:
            raise BadClaimReply(_("Say why you dispute it."), field="reason")
        elif reply not in (Reply.ACCEPTED, Reply.DISPUTED):
            raise BadClaimReply(_("Choose a reply."), field="reply")
        claim.state, claim.reply, claim.reply_reason = State.REPLIED, reply, reason
        claim.replied_at, claim.replied_by = at, by.label[:150]
        claim.save()
        _store(claim, documents, at)
        facts = {"reply": reply, "reason": reason, "amount": str(claim.amount)}
        record(PriceDropAction.REPLY, claim, by=by, at=at, **facts)
        announce("price_drop.replied", {"claim_id": str(claim.id)}, at=at)
    return claim


def accept_silent(*, by: Actor, at: datetime) -> int:
    """Accept as computed what nobody replied to in time, by schedule; return how many.

    Where no figures of the stock came and nothing else is due, the claim ends with nothing due.
    """
    with joined_transaction():
        waiting = PriceDropClaim.objects.filter(state=State.WAITING, reply_by__lt=day_of_tenant(at))
        rows = waiting.select_related("drop").order_by("id")
        found = list(rows.select_for_update(of=("self",), no_key=True)[:MAX_SILENT])
        due = [one for one in found if one.amount >= least_amount(one.drop) or one.unmatched]
        due_ids = {one.id for one in due}
        closed = [one.id for one in found if one.id not in due_ids]
        PriceDropClaim.objects.filter(id__in=due_ids).update(
            state=State.REPLIED, reply=Reply.SILENT, replied_at=at
        )
        PriceDropClaim.objects.filter(id__in=closed).update(
            state=State.NOTHING, reply=Reply.SILENT, replied_at=at
        )
        record_many(PriceDropAction.SILENT, [(one, {}) for one in found], by=by, at=at)
        announce_many("price_drop.replied", [{"claim_id": str(one.id)} for one in due], at=at)
    return len(found)


def lock_claim(claim_id: UUID, by: Actor) -> PriceDropClaim:
    """Lock and return a claim that the actor sees. Raise UnknownClaim."""
    rows = PriceDropClaim.objects.visible_to(by).select_related("drop__price_list", "party")
    found: PriceDropClaim | None = (
        rows.select_for_update(of=("self",), no_key=True).filter(id=claim_id).first()
    )
    if found is None:
        raise UnknownClaim(_("There is no such claim."), field="claim")
    return found


def _state_stock(
    claim: PriceDropClaim, stocks: dict[str, int], reason: str, documents: Sequence[CheckedFile]
) -> None:
    """Write the stated stock and count its lines again. Raise BadClaimReply."""
    lines = {line.product.sku: line for line in claim.lines.select_related("product")}
    if not stocks:
        raise BadClaimReply(_("State the stock of at least one product."), field="stocks")
    for sku, units in stocks.items():
        if sku not in lines:
            message = _("%(sku)s is not in this claim.")
            raise BadClaimReply(message % {"sku": sku}, field=f"stocks.{sku}")
        if not 0 <= units <= MAX_UNITS:
            raise BadClaimReply(_("This quantity is out of range."), field=f"stocks.{sku}")
    missing = [sku for sku, line in lines.items() if line.on_hand is None and sku not in stocks]
    if missing:
        message = _("State your stock of %(sku)s: there are no figures of it here.")
        raise BadClaimReply(message % {"sku": missing[0]}, field=f"stocks.{missing[0]}")
    if any(lines[sku].on_hand not in (None, units) for sku, units in stocks.items()):
        if not reason:
            raise BadClaimReply(_("Say why your stock differs from the figures."), field="reason")
        if not documents:
            message = _("Add a document: a count sheet or a picture of the stock.")
            raise BadClaimReply(message, field="documents")
    _count_again(claim, {lines[sku].product_id: (lines[sku], units) for sku, units in stocks.items()})


def _count_again(claim: PriceDropClaim, stated: dict[UUID, tuple[PriceDropLine, int]]) -> None:
    """Count the lines by the stated stock, at the prices that they have; write lines, layers and sums."""
    pairs = {(claim.party_id, product_id): units for product_id, (_line, units) in stated.items()}
    found = count_lines(
        claim.drop,
        buyer_ids=[claim.party_id],
        product_ids=list(stated),
        stated=pairs,
        changes={
            (claim.party_id, product_id): PriceChange(line.price_before, line.price_after)
            for product_id, (line, _units) in stated.items()
        },
    )
    counted = {line.product_id: line for line in found}
    layers = []
    for product_id, (line, units) in stated.items():
        line.stated = units
        line.unmatched, line.amount = counted[product_id].unmatched, counted[product_id].amount
        for layer in counted[product_id].layers:
            layer.line = line
            layers.append(layer)
    changed = [line for line, _units in stated.values()]
    PriceDropLine.objects.bulk_update(changed, ["stated", "unmatched", "amount"])
    PriceDropLayer.objects.filter(line__in=[line.id for line in changed]).delete()
    PriceDropLayer.objects.bulk_create(layers)
    sums = list(claim.lines.values_list("amount", "unmatched", "on_hand", "stated"))
    claim.amount = sum((amount for amount, *_others in sums), ZERO_MONEY)
    unmatched = sum(unmatched for _amount, unmatched, *_others in sums)
    if unmatched != claim.unmatched:
        claim.answer, claim.answered_at, claim.answered_by = "", None, ""
    claim.unmatched = unmatched
    claim.unknown = sum(on_hand is None and units is None for *_others, on_hand, units in sums)


def _store(claim: PriceDropClaim, documents: Sequence[CheckedFile], at: datetime) -> None:
    PriceDropDocument.objects.bulk_create(
        PriceDropDocument(
            claim=claim,
            file_name=one.name,
            media_type=one.media_type,
            content=one.content,
            size=len(one.content),
            sha256=one.sha256,
            uploaded_at=at,
        )
        for one in documents
    )
