"""Upload the signed slip of a delivery, as its seller; the buyer confirms the receipt."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from ordering.audit_actions import OrderAction
from ordering.domain.delivery_slips import MAX_SLIP_BYTES, MAX_SLIPS, media_type_of, safe_name
from ordering.models import DeliverySlip, Shipment
from ordering.operations.delivering import order_of_shipment
from ordering.operations.locking import SELLER, WrongState, lock_order
from tenancy.context import joined_transaction


class SlipRefused(Refusal):
    code = "file"


def add_delivery_slip(
    *, shipment_id: UUID, content: bytes, file_name: str, by: Actor, at: datetime
) -> tuple[DeliverySlip, bool]:
    """Add a slip to a shipment on its way; return it, and whether it is new.

    The first slip starts the time after which the shipment counts as received. The same file again returns
    the first one. Raises NoSuchShipment, NotAllowed, WrongState, SlipRefused.
    """
    by.must("order.ship")
    media_type = _checked_type(content)
    digest = sha256(content).hexdigest()
    with joined_transaction():
        lock_order(order_of_shipment(shipment_id), by=by, sides=(SELLER,))
        slips = DeliverySlip.objects.filter(shipment_id=shipment_id)
        if (known := slips.filter(sha256=digest).first()) is not None:
            return known, False
        shipment = Shipment.objects.get(id=shipment_id)
        if shipment.state != Shipment.State.SHIPPED:
            raise WrongState(_("This shipment is delivered already."), state=shipment.state)
        if slips.count() >= MAX_SLIPS:
            raise SlipRefused(_("A shipment has at most %(most)s slips.") % {"most": MAX_SLIPS}, field="file")
        slip = DeliverySlip.objects.create(
            shipment_id=shipment_id,
            file_name=safe_name(file_name, media_type),
            media_type=media_type,
            content=content,
            size=len(content),
            sha256=digest,
            uploaded_at=at,
            uploaded_by=by.label[:150],
        )
        if shipment.slip_at is None:
            shipment.slip_at = at
            shipment.save(update_fields=["slip_at"])
        facts = {"number": shipment.number, "file": slip.file_name, "sha256": digest}
        record(OrderAction.ADD_SLIP, shipment, by=by, at=at, **facts)
        announce("ordering.slip_added", {"slip_id": str(slip.id)}, at=at)
    return slip, True


def _checked_type(content: bytes) -> str:
    if not 1 <= len(content) <= MAX_SLIP_BYTES:
        limits = {"most": MAX_SLIP_BYTES // 1024 // 1024}
        raise SlipRefused(_("A slip has at most %(most)s MB, and is not empty.") % limits, field="file")
    media_type = media_type_of(content)
    if not media_type:
        raise SlipRefused(_("A slip is a picture (JPEG, PNG, WebP) or a PDF."), field="file")
    return media_type
