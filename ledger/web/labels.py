"""Labels of the kinds of postings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

POSTINGS = {
    "sale": gettext_lazy("delivery"),
    "return": gettext_lazy("return"),
    "payment": gettext_lazy("payment"),
    "prepayment": gettext_lazy("prepayment"),
    "prepayment_use": gettext_lazy("prepayment used"),
    "prepayment_refund": gettext_lazy("prepayment refunded"),
    "security_deposit": gettext_lazy("security deposit"),
    "security_deposit_refund": gettext_lazy("security deposit refunded"),
    "security_deposit_forfeit": gettext_lazy("security deposit forfeited"),
    "rebate": gettext_lazy("rebate"),
    "guarantee": gettext_lazy("guarantee"),
    "price_drop": gettext_lazy("price-drop compensation"),
    "adjustment": gettext_lazy("adjustment"),
    "reversal": gettext_lazy("reversal"),
    "opening": gettext_lazy("opening balance"),
}


def posting_name(kind: str) -> str:
    return str(POSTINGS.get(kind, kind))
