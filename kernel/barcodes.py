"""Barcodes of trade units: EAN-8, UPC-A (12 digits), EAN-13 and GTIN-14; leading zeros do not count."""

from __future__ import annotations

from kernel.spelling import folded

LENGTHS = (8, 12, 13, 14)


def gtin_forms(typed: str) -> tuple[str, ...]:
    """Return every way to write the same number, none for a text that is no barcode by its form."""
    digits = "".join(folded(typed).replace("-", " ").split())
    if not (digits.isascii() and digits.isdigit() and len(digits) in LENGTHS):
        return ()
    bare = digits.lstrip("0")
    return tuple([bare.zfill(length) for length in LENGTHS if len(bare) <= length])
