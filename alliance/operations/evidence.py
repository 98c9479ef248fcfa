"""Operations that record evidence of guarantees. The rooms above pass the facts down."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from alliance.domain.spread import Sale, owed_on
from alliance.models.guarantee import GuaranteeKind
from kernel.cases import plain
from kernel.money import ZERO_MONEY
from kernel.refusals import Refusal
from tenancy.context import active_tenant_id, joined_transaction
from tenancy.models import new_id

_HOUR = Decimal(3600)


class UnknownContract(Refusal):
    code = "not_found"


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A fact about one guarantee (`kind` of GuaranteeKind); `owed` is money for the member.

    `source` is unique in the tenant: a fact that is reported twice is recorded once.
    """

    contract_id: UUID
    kind: str
    source: str
    on: date
    fulfilled: bool
    owed: Decimal = ZERO_MONEY
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpreadPromise:
    """The spread that a contract guarantees on one product, for one base unit."""

    clause: str
    guaranteed: Decimal
    advised_resale: Decimal


def record_evidence(rows: Sequence[NewEvidence]) -> int:
    """Write the evidence whose source is new, in one statement; return the number of rows written."""
    if not rows:
        return 0
    with joined_transaction(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO alliance_evidence"
            ' (id, tenant_id, contract_id, kind, source, "on", fulfilled, owed, facts)'
            " SELECT new.id, %s, new.contract_id, new.kind, new.source, new.day, new.fulfilled, new.owed,"
            "  new.facts::jsonb"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::date[], %s::boolean[],"
            "  %s::numeric[], %s::text[])"
            "  AS new(id, contract_id, kind, source, day, fulfilled, owed, facts)"
            " ORDER BY new.source ON CONFLICT (tenant_id, source) DO NOTHING",
            [
                active_tenant_id(),
                [new_id() for _row in rows],
                [row.contract_id for row in rows],
                [str(row.kind) for row in rows],
                [row.source for row in rows],
                [row.on for row in rows],
                [row.fulfilled for row in rows],
                [row.owed for row in rows],
                [json.dumps(dict(row.facts), ensure_ascii=False, default=str) for row in rows],
            ],
        )
        return int(cursor.rowcount)


def evidence_of_delivery(
    *,
    contract_id: UUID,
    source: str,
    delivered_on: date,
    ordered_at: datetime,
    delivered_at: datetime,
    lines: Sequence[tuple[UUID, Decimal, int]],
) -> list[NewEvidence]:
    """Return the evidence of one delivery to a member.

    It has a row for each line with a guaranteed spread, and one for the delivery time if the contract
    promises one. `lines` are (product, net price paid for one base unit, base units); the delivery time
    begins at `ordered_at`. Two statements for any number of lines; nothing is written: see
    record_evidence.
    """
    delivery_hours, late_fee = _service_promise(contract_id)
    promises = _spread_promises(contract_id, [product_id for product_id, _price, _qty in lines])
    found = []
    occurrences: Counter[UUID] = Counter()
    for product_id, purchase_price, qty in lines:
        promise = promises.get(product_id)
        if promise is None or not qty:
            continue
        occurrences[product_id] += 1
        again = f":{occurrences[product_id]}" if occurrences[product_id] > 1 else ""
        found.append(
            spread_evidence(
                contract_id=contract_id,
                source=f"{source}:spread:{product_id}{again}",
                on=delivered_on,
                product_id=product_id,
                purchase_price=purchase_price,
                qty=qty,
                promise=promise,
            )
        )
    if delivery_hours is not None:
        found.append(
            service_evidence(
                contract_id=contract_id,
                source=f"{source}:service",
                on=delivered_on,
                ordered_at=ordered_at,
                delivered_at=delivered_at,
                promised_hours=delivery_hours,
                late_fee=late_fee,
            )
        )
    return found


def spread_evidence(
    *,
    contract_id: UUID,
    source: str,
    on: date,
    product_id: UUID,
    purchase_price: Decimal,
    qty: int,
    promise: SpreadPromise,
) -> NewEvidence:
    """Return the evidence of one purchase: the shortfall of its spread × quantity is owed."""
    line = owed_on(promise.guaranteed, Sale(purchase_price, promise.advised_resale, qty))
    facts = {
        "product": str(product_id),
        "clause": promise.clause,
        "guaranteed": plain(promise.guaranteed),
        "advised_resale": plain(promise.advised_resale),
        "purchase_price": plain(purchase_price),
        "qty": qty,
        "spread": plain(line.spread),
        "shortfall": plain(line.shortfall),
    }
    return NewEvidence(contract_id, GuaranteeKind.SPREAD, source, on, not line.shortfall, line.amount, facts)


def service_evidence(
    *,
    contract_id: UUID,
    source: str,
    on: date,
    ordered_at: datetime,
    delivered_at: datetime,
    promised_hours: int,
    late_fee: Decimal,
) -> NewEvidence:
    """Return the evidence of a delivery time: the late fee is owed if it exceeds `promised_hours`."""
    took = delivered_at - ordered_at
    fulfilled = took <= timedelta(hours=promised_hours)
    hours = (Decimal(took // timedelta(seconds=1)) / _HOUR).quantize(Decimal("0.01"))
    facts = {
        "ordered_at": ordered_at.isoformat(),
        "delivered_at": delivered_at.isoformat(),
        "promised_hours": promised_hours,
        "hours": plain(hours),
    }
    return NewEvidence(
        contract_id,
        GuaranteeKind.SERVICE,
        source,
        on,
        fulfilled,
        ZERO_MONEY if fulfilled else late_fee,
        facts,
    )


def _service_promise(contract_id: UUID) -> tuple[int | None, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT delivery_hours, late_fee FROM alliance_contract WHERE tenant_id = %s AND id = %s",
            [active_tenant_id(), contract_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise UnknownContract(_("There is no such contract."), field="contract")
    return row[0], row[1]


def _spread_promises(contract_id: UUID, products: Sequence[UUID]) -> dict[UUID, SpreadPromise]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, clause, guaranteed, advised_resale FROM alliance_spreadterm"
            " WHERE tenant_id = %s AND contract_id = %s AND product_id = ANY(%s::uuid[])",
            [active_tenant_id(), contract_id, list(products)],
        )
        return {row[0]: SpreadPromise(*row[1:]) for row in cursor.fetchall()}
