"""Numbers for people: thousands grouped by commas, as in Chinese and English books alike."""

from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"


def grouped(value: Decimal | int | float, places: int = 0) -> str:
    """1,234.50 with a real minus sign; rounded half up. (Django's zh-hans groups by four, without a mark.)"""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact:,}".replace("-", MINUS)
