"""What a repeated outside number (`source`) brings: the first document, or what is different in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Product
from kernel.sources import Difference, SourceConflict, Values, as_booked

MAX_DIFFERENCES, MAX_NAMED = 50, 3
FIELD_NAMES = {
    "seller": gettext_lazy("seller"),
    "buyer": gettext_lazy("buyer"),
    "kind": gettext_lazy("kind"),
    "window": gettext_lazy("delivery window"),
    "reference": gettext_lazy("buyer's reference"),
    "note": gettext_lazy("note"),
    "hold": gettext_lazy("hold without credit"),
    "order": gettext_lazy("order"),
    "lines": gettext_lazy("lines"),
    "reason": gettext_lazy("reason"),
    "mode": gettext_lazy("mode"),
    "signed_by": gettext_lazy("signed by"),
    "delivered_at": gettext_lazy("delivered at"),
    "qty": gettext_lazy("quantity"),
    "free": gettext_lazy("free"),
    "price": gettext_lazy("price"),
    "on_hand": gettext_lazy("on hand"),
    "safety": gettext_lazy("safety stock"),
    "quarantine": gettext_lazy("quarantine"),
}


class SourceTaken(SourceConflict):
    """The number belongs to an order, a shipment, a return or a stock report with other content.

    `differs` has the first MAX_DIFFERENCES differences, `differences` is their number, and `booked` names
    the first document for those who may see it.
    """


def by_sku(
    requested: Sequence[tuple[str, Values]], booked: Sequence[tuple[str, Values]]
) -> list[tuple[str, Values]]:
    """Return the requested lines with each SKU as the booked lines spell it. At most one statement."""
    skus = {sku for sku, _values in booked}
    strange = [sku for sku, _values in requested if sku not in skus]
    known: Collection[str] = ()
    if strange:
        known = set(Product.objects.filter(sku__in=strange).values_list("sku", flat=True))
    return [(sku if sku in skus else as_booked(sku, skus, known), values) for sku, values in requested]


def must_be_same(
    differs: Sequence[Difference], *, number: str, booked: tuple[str, UUID], message: str = ""
) -> None:
    """Raise SourceTaken if something differs; `booked` is what the first document is, and its id."""
    if not differs:
        return
    message = message or _(
        "%(number)s is there already with other content: %(differences)s. Nothing was changed."
    )
    raise SourceTaken(
        message % {"number": number, "differences": in_words(differs)},
        field="source",
        differs=list(differs[:MAX_DIFFERENCES]),
        differences=len(differs),
        booked={"kind": booked[0], "id": booked[1], "number": number},
    )


def in_words(differs: Sequence[Difference]) -> str:
    """Return the first MAX_NAMED differences in the reader's language: "LZ-CE-25 quantity: 4 → 400"."""
    words = [_words(one) for one in differs[:MAX_NAMED]]
    if more := len(differs) - MAX_NAMED:
        words += [_("and %(count)s more") % {"count": more}] if more > 0 else []
    return "; ".join(words)


def _words(one: Difference) -> str:
    _path, dot, name = str(one["field"]).rpartition(".")
    label = str(FIELD_NAMES.get(name, name)) if dot or "line" not in one else ""
    labels = " ".join(part for part in (str(one.get("line", "")), label) if part)
    return f"{labels}: {_value(one['booked'])} → {_value(one['requested'])}"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return " + ".join(_filled(value.values())) or "0"
    return "—" if value in (None, "") else str(value)


def _filled(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values if value not in (None, "", 0)]
