"""Move a product to the next stage of its life cycle, with its successor, history and message."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from catalogue.audit_actions import ProductAction
from catalogue.domain.life_cycle import ENDED, ENDING, NEXT_STAGES, may_move, needs_reason
from catalogue.models import Product, StageChange
from catalogue.operations.products import BadProduct
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_REASON_CHARACTERS = 300


class NoSuchProduct(Refusal):
    code = "not_found"


class WrongStage(Refusal):
    code = "wrong_state"


def move_stage(
    *, product_id: UUID, stage: str, by: Actor, at: datetime, successor_sku: str = "", reason: str = ""
) -> Product:
    """Move the product to the stage and return it; a product that is there already is unchanged.

    One that is being phased out or has ended may name its successor, another product that has not ended.
    The buyers of the last months are notified by the event `catalogue.stage_moved`. Raises NoSuchProduct,
    WrongStage for a move that the life cycle does not have, BadProduct for a successor or a reason.
    """
    by.must("catalogue.edit")
    if stage not in Product.Stage.values:
        raise BadProduct(_("There is no stage “%(stage)s”.") % {"stage": stage}, field="stage")
    with joined_transaction():
        product: Product | None = Product.objects.select_for_update().filter(id=product_id).first()
        if product is None:
            raise NoSuchProduct(_("There is no such product."), field="product")
        successor = _successor(product, stage, successor_sku.strip())
        if product.stage == stage and product.successor_id == (successor and successor.id):
            return product
        reason = _checked_move(product, stage, reason)
        change = StageChange.objects.create(
            product=product,
            old=product.stage,
            new=stage,
            successor=successor,
            reason=reason,
            at=at,
            by=by.label,
        )
        product.stage, product.successor = stage, successor
        product.save(update_fields=["stage", "successor"])
        facts = {"sku": product.sku, "from": change.old, "to": stage, "reason": reason}
        record(ProductAction.MOVE, product, by=by, at=at, **facts)
        announce("catalogue.stage_moved", {"change_id": str(change.id)}, at=at)
    return product


def _successor(product: Product, stage: str, sku: str) -> Product | None:
    if not sku:
        return None
    if stage not in (ENDING, ENDED):
        message = _("Only a product that is being phased out or discontinued has a successor.")
        raise BadProduct(message, field="successor")
    found: Product | None = Product.objects.filter(sku=sku).first()
    if found is None:
        raise BadProduct(_("There is no product with the SKU %(sku)s.") % {"sku": sku}, field="successor")
    if found.id == product.id:
        raise BadProduct(_("A product does not succeed itself."), field="successor")
    if found.stage == ENDED:
        raise BadProduct(_("%(sku)s is discontinued itself.") % {"sku": sku}, field="successor")
    return found


def _checked_move(product: Product, stage: str, reason: str) -> str:
    """Return the reason as it is stored. Raises WrongStage or BadProduct."""
    reason = reason.strip()
    if len(reason) > MAX_REASON_CHARACTERS or not reason.isprintable():
        message = _("A reason has at most %(most)s characters on one line.")
        raise BadProduct(message % {"most": MAX_REASON_CHARACTERS}, field="reason")
    if stage == product.stage:
        return reason
    if not may_move(product.stage, stage):
        labels = dict(Product.Stage.choices)
        allowed = ", ".join(str(labels[Product.Stage(one)]) for one in NEXT_STAGES[product.stage])
        message = _("A product that is %(old)s cannot become %(new)s; it can become %(allowed)s.")
        words = {"old": labels[Product.Stage(product.stage)], "new": labels[Product.Stage(stage)]}
        raise WrongStage(message % (words | {"allowed": allowed}), field="stage")
    if needs_reason(product.stage, stage) and not reason:
        raise BadProduct(_("State the reason for this move."), field="reason")
    return reason
