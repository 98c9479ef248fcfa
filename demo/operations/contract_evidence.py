"""Record the evidence of past deliveries under contract: guarantees fulfilled and broken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from alliance.models import Contract, SpreadTerm
from alliance.operations.evidence import (
    NewEvidence,
    SpreadPromise,
    record_evidence,
    service_evidence,
    spread_evidence,
)
from imports.operations.sales.trade import Deal


def record_past_evidence(deals: Sequence[Deal], shipments: Sequence[str]) -> None:
    """Record for many deliveries what the event handler records for each live delivery."""
    under = [(deal, ship) for deal, ship in zip(deals, shipments, strict=True) if deal.contract_id]
    contracts = Contract.objects.in_bulk({deal.contract_id for deal, _ in under})
    promises: dict[UUID, dict[UUID, SpreadPromise]] = defaultdict(dict)
    for term in SpreadTerm.objects.filter(contract__in=list(contracts)):
        promises[term.contract_id][term.product_id] = SpreadPromise(
            term.clause, term.guaranteed, term.advised_resale
        )
    rows: list[NewEvidence] = []
    for deal, shipment in under:
        contract = contracts[deal.contract_id]
        source = f"shipment:{shipment}"
        rows += [
            spread_evidence(
                contract_id=contract.id,
                source=f"{source}:spread:{line.product_id}",
                on=deal.delivered_on,
                product_id=line.product_id,
                purchase_price=line.net_unit_price or line.unit_price,
                qty=line.qty + line.free_qty,
                promise=promises[contract.id][line.product_id],
            )
            for line in deal.lines
            if line.product_id in promises[contract.id]
        ]
        if contract.delivery_hours is not None:
            rows.append(
                service_evidence(
                    contract_id=contract.id,
                    source=f"{source}:service",
                    on=deal.delivered_on,
                    ordered_at=deal.placed_at,
                    delivered_at=deal.delivered_at,
                    promised_hours=contract.delivery_hours,
                    late_fee=contract.late_fee,
                )
            )
    record_evidence(rows)
