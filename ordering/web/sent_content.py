"""What a sent form of ordering says, by labels that a user understands; see `ui.web.submit_once`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ordering.models import OrderLine


def quantities_by_line(request: HttpRequest, order_id: UUID) -> dict[str, str]:
    """Return the quantities that were typed for the lines of an order, by SKU, and the reason."""
    lines = OrderLine.objects.filter(order_id=order_id).order_by("position").values_list("position", "sku")
    labels = {"qty": "%s", "free": _("%s (free)")}
    content = {
        labels[name] % sku: typed
        for position, sku in lines
        for name in labels
        if (typed := request.POST.get(f"{name}-{position}", "").strip())
    }
    return content | _filled({_("Reason"): request.POST.get("reason", "")})


def quick_order(request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, str]:
    """Return the rows of a quick order by SKU, and what else was typed."""
    post = request.POST
    rows = zip(post.getlist("sku"), post.getlist("qty"), post.getlist("unit"), strict=False)
    content = {sku: f"{qty} {unit}".strip() for sku, qty, unit in rows}
    typed = {_("Buyer's reference"): post.get("reference", ""), _("Rows"): post.get("pasted", "")}
    return content | _filled(typed)


def member_order(request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, str]:
    """Return the quantities of a member's order by SKU, and its note."""
    content = {
        name.removeprefix("qty-"): typed
        for name, value in request.POST.items()
        if name.startswith("qty-") and (typed := str(value).strip())
    }
    return content | _filled({_("Note"): request.POST.get("note", "")})


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {label: value.strip() for label, value in values.items() if value.strip()}
