"""The manufacturer's list price of a product, whoever buys it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, ExpressionWrapper, F, Max, Q
from django.db.models.functions import Round
from django.utils import timezone

from accounts.rights import MANUFACTURER
from pricing.models import PriceEntry, PriceList


def list_prices(product_ids: Iterable[UUID]) -> Mapping[UUID, Decimal]:
    """Return the highest price of a base unit, from one unit on, in the manufacturer's lists; one statement.

    Lists in force come first; a product that is in none has the price of a draft or of a later list.
    """
    today = timezone.localdate()
    in_force = Q(price_list__state=PriceList.State.PUBLISHED)
    in_force &= Q(price_list__starts_on__isnull=True) | Q(price_list__starts_on__lte=today)
    each = ExpressionWrapper(F("price") / F("per"), DecimalField(max_digits=18, decimal_places=4))
    rows: Any = (
        PriceEntry.objects.filter(
            Q(price_list__until__isnull=True) | Q(price_list__until__gt=today),
            product_id__in=list(product_ids),
            price_list__seller__kind=MANUFACTURER,
            min_qty__lte=1,
        )
        .exclude(price_list__state=PriceList.State.WITHDRAWN)
        .order_by()
        .values_list("product_id")
        .annotate(now=Round(Max(each, filter=in_force), 4), planned=Round(Max(each), 4))
    )
    return {product_id: planned if now is None else now for product_id, now, planned in rows}
