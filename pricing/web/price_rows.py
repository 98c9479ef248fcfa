"""Price entries as text: one a line."""

from __future__ import annotations

from decimal import Decimal

from pricing.domain.price_table import PriceRow, as_text
from pricing.models import PriceEntry, PriceList
from pricing.operations.entries import stored_entries


def text_of(price_list: PriceList) -> str:
    """Return the entries as text, one a line, as `pricing.domain.price_table.read_text` reads them.

    Headings stand above them where a price has an advised resale price.
    """
    entries = stored_entries(PriceEntry.objects.filter(price_list=price_list))
    if any(entry.advised_resale is not None for entry in entries):
        return as_text(
            PriceRow(
                0,
                one.sku,
                _plain(one.price),
                str(one.per),
                str(one.min_qty),
                advised=_plain(one.advised_resale),
            )
            for one in entries
        )
    return "\n".join(f"{one.sku} {_plain(one.price)} {one.per} {one.min_qty}" for one in entries)


def _plain(price: Decimal | None) -> str:
    return "" if price is None else f"{price.normalize():f}"
