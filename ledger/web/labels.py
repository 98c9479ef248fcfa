"""Labels of the kinds of postings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

POSTINGS = {
    "sale": gettext_lazy("delivery"),
    "return": gettext_lazy("return"),
    "payment": gettext_lazy("payment"),
    "deposit": gettext_lazy("deposit"),
    "rebate": gettext_lazy("rebate"),
    "guarantee": gettext_lazy("guarantee"),
    "adjustment": gettext_lazy("adjustment"),
    "reversal": gettext_lazy("reversal"),
    "opening": gettext_lazy("opening balance"),
}


def posting_name(kind: str) -> str:
    return str(POSTINGS.get(kind, kind))
