"""Price entries as text: one a line."""

from __future__ import annotations

from pricing.models import PriceEntry, PriceList


def text_of(price_list: PriceList) -> str:
    """Return the entries as text, one a line, as `pricing.domain.price_table.read_text` reads them."""
    entries = PriceEntry.objects.filter(price_list=price_list).order_by("product__sku", "min_qty")
    rows = entries.values_list("product__sku", "price", "per", "min_qty")
    return "\n".join(f"{sku} {price.normalize():f} {per} {qty}" for sku, price, per, qty in rows)
