"""Roles and what they may do. The table of product.md, as data.

Rights narrow in order: the tenant (row security), the role (this table), then object grants
(django-guardian: a region manager's territories), as sub-queries of each noun's `visible_to`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from kernel.refusals import Refusal

MANUFACTURER, DEALER, MEMBER, OUTLET = "manufacturer", "dealer", "member", "outlet"

_STAFF_READS = frozenset(
    {
        "catalogue.view", "party.view", "price.view", "contract.view", "order.view", "stock.view",
        "ledger.view", "rebate.view", "tier.view", "job.view", "simulate",
    }
)  # fmt: skip
_TRADES = frozenset({"catalogue.view", "party.view", "price.view", "order.view", "stock.view", "simulate"})

ROLES: dict[str, dict[str, frozenset[str]]] = {
    MANUFACTURER: {
        "director": _STAFF_READS
        | {
            "catalogue.edit", "party.edit", "price.edit", "contract.edit", "contract.sign",
            "order.place", "order.confirm", "order.ship", "order.deliver", "order.return",
            "stock.edit", "rebate.edit", "rebate.settle", "tier.run", "job.run", "people.edit",
            "ledger.post",
        },
        "region_manager": _STAFF_READS | {"party.edit", "contract.edit", "order.confirm"},
        "sales_rep": _STAFF_READS - {"ledger.view", "job.view"} | {"order.place"},
        "finance": _STAFF_READS | {"rebate.edit", "rebate.settle", "job.run", "ledger.post"},
        "supervisor": _STAFF_READS - {"ledger.view", "rebate.view", "price.view"},
        "account_manager": _STAFF_READS - {"job.view"},
        "warehouse": frozenset(
            {"catalogue.view", "party.view", "order.view", "order.ship", "order.deliver",
             "order.return", "stock.view", "stock.edit"}
        ),
    },
    DEALER: {
        "owner": _TRADES
        | {
            "contract.view", "contract.sign", "order.place", "order.confirm", "order.ship",
            "order.deliver", "order.return", "stock.edit", "ledger.view", "rebate.view",
            "tier.view", "people.edit", "price.edit",
        },
        "purchaser": _TRADES | {"order.place", "order.confirm", "order.deliver", "order.return"},
        "warehouse": _TRADES - {"price.view", "simulate"}
        | {"order.ship", "order.deliver", "order.return", "stock.edit"},
        "finance": _TRADES | {"ledger.view", "rebate.view", "contract.view", "tier.view"},
        "sales_rep": _TRADES | {"order.place"},
    },
    MEMBER: {
        "owner": _TRADES
        | {"contract.view", "contract.sign", "order.place", "order.confirm", "order.ship",
           "order.deliver", "order.return", "stock.edit", "ledger.view", "rebate.view",
           "tier.view", "people.edit", "price.edit"},
        "sales_rep": _TRADES | {"order.place", "order.deliver"},
    },
    OUTLET: {},
}  # fmt: skip

ROLE_NAMES = {
    "director": _("channel director"),
    "region_manager": _("region manager"),
    "sales_rep": _("sales representative"),
    "finance": _("finance"),
    "supervisor": _("market supervisor"),
    "account_manager": _("account manager"),
    "warehouse": _("warehouse"),
    "owner": _("owner"),
    "purchaser": _("purchaser"),
}
SYSTEM = "system"
ALL_RIGHTS = frozenset().union(*(rights for kind in ROLES.values() for rights in kind.values()))


class NotAllowed(Refusal):
    code = "not_allowed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person (or a key) for a party in a role. `scopes` narrows a key's rights."""

    party_id: UUID | None
    party_kind: str
    role: str
    user_id: UUID | None = None
    label: str = ""
    scopes: frozenset[str] | None = None

    @property
    def rights(self) -> frozenset[str]:
        if self.role == SYSTEM:
            return ALL_RIGHTS if self.scopes is None else self.scopes & ALL_RIGHTS
        held = ROLES.get(self.party_kind, {}).get(self.role, frozenset())
        return held if self.scopes is None else held & self.scopes

    def may(self, right: str) -> bool:
        return right in self.rights

    def must(self, right: str) -> None:
        """Raises NotAllowed unless the role holds the right."""
        if not self.may(right):
            role = str(ROLE_NAMES.get(self.role, self.role or "—"))
            told = _gettext("The role “%(role)s” may not do this (%(right)s).")
            raise NotAllowed(told % {"role": role, "right": right}, right=right)


def actor_of(request: Any) -> Actor:
    """Who acts in a request (Django's, or the API's around it) whose right the door has asked for."""
    actor: Actor = getattr(request, "_request", request).actor
    return actor


def the_system(label: str = "tripact") -> Actor:
    """The platform itself: schedules, imports, the demo tenant."""
    return Actor(party_id=None, party_kind=MANUFACTURER, role=SYSTEM, label=label)
