"""What is open between a seller and a buyer, from the rooms that register `open_matters_queries`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from tenancy.rooms import registered, resolve


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """Something to be settled before two parties part: a number of it, or money.

    `page` is the name of the URL that lists it, with its arguments and query.
    """

    label: str | Promise
    icon: str
    count: int = 0
    amount: Decimal | None = None
    page: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""


def open_matters(*, seller_id: UUID, buyer_id: UUID, actor: Any) -> list[OpenMatter]:
    """Return what is open between the two and visible to the actor, by the order of the rooms."""
    return [
        matter
        for path in registered("open_matters_queries")
        for matter in resolve(path)(seller_id=seller_id, buyer_id=buyer_id, actor=actor)
    ]
