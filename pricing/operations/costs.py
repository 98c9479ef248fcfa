"""The manufacturer's own costs of its products, dated; only its own people read and write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor, NotAllowed
from audit.operations.recording import record
from catalogue.models import Product
from kernel.cases import plain
from kernel.refusals import Refusal
from pricing.audit_actions import CostAction
from pricing.models import ProductCost
from tenancy.context import joined_transaction

MAX_COST = Decimal(10) ** 10


class BadCost(Refusal):
    code = "bad_cost"


def set_cost(*, sku: str, cost: Decimal, starts_on: date, by: Actor, at: datetime) -> ProductCost:
    """Set what a base unit of the product costs from a day on, in place of a cost from the same day.

    Raise NotAllowed or BadCost.
    """
    by.must("cost.edit")
    if by.party_kind != MANUFACTURER:
        raise NotAllowed(_("Costs are for the manufacturer alone."), right="cost.edit")
    product = Product.objects.filter(sku=sku).first()
    if product is None:
        message = _("There is no product with the SKU %(sku)s.") % {"sku": sku}
        raise BadCost(message, field="sku")
    if not 0 <= cost < MAX_COST:
        raise BadCost(_("This is too large."), field="cost")
    with joined_transaction():
        found, _created = ProductCost.objects.update_or_create(
            product=product, starts_on=starts_on, defaults={"cost": cost}
        )
        record(CostAction.SET, found, by=by, at=at, sku=sku, cost=plain(cost), starts_on=str(starts_on))
    return found
