"""What the detail of a contract reads together."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from alliance.models import ContractArea, GuaranteeMonth, Signature, SpreadTerm


def with_everything(rows: Any) -> Any:
    """Return the contracts with regions, spreads, signatures and months, a statement each."""
    return rows.prefetch_related(
        Prefetch(
            "areas",
            ContractArea.objects.select_related("category", "region", "channel").order_by(
                "category__code", "region"
            ),
        ),
        Prefetch("spreads", SpreadTerm.objects.select_related("product").order_by("product__sku")),
        Prefetch("signatures", Signature.objects.order_by("at")),
        Prefetch("months", GuaranteeMonth.objects.order_by("month", "kind")),
    )
