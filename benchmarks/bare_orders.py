"""The bare side: write the same rows by handwritten SQL through psycopg2, one transaction for each order.

Only the stock is checked, nothing is priced. The rows of real orders are written again under new ids,
in four round trips (tenant, lock of the book, all rows in one statement, stock and facts in one), by
one process for each concurrent writer, with all column values computed before the clock starts. The
chain's digest is real, so that the ledger can be verified afterwards.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import psycopg2
import psycopg2.extras
from django.conf import settings
from django.utils import timezone

from ledger.operations.hash_chain import digest_of
from ordering.queries.orders import OrderFacts
from tenancy.models import new_id

WARM_UP = 3
_LOCK = "SELECT seq, head, orders FROM ledger_book WHERE tenant_id = %s AND id = %s FOR NO KEY UPDATE"

_WRITE = """
WITH o AS (
  INSERT INTO ordering_order (id, tenant_id, number, kind, state, seller_id, buyer_id, contract_id,
    placed_at, placed_on, currency, subtotal, discount, total, tax, open_amount, due_on, verdict,
    source, reference, note, facts)
  VALUES (%(order)s, %(tenant)s, %(number)s, 'standard', 'placed', %(seller)s, %(buyer)s, %(contract)s,
    %(at)s, %(on)s, 'CNY', %(subtotal)s, %(discount)s, %(total)s, %(tax)s, %(total)s, %(due_on)s,
    %(verdict)s, '', '', '', %(facts)s)
), l AS (
  INSERT INTO ordering_orderline (id, tenant_id, order_id, position, product_id, sku, qty, free_qty, per,
    base_price, unit_price, net_unit_price, discount, amount, tax_rate, net, tax, price_list, why,
    reserved_qty, cancelled_qty, cancelled_free, shipped_qty, shipped_free, delivered_qty, delivered_free,
    returned_qty, returned_free, charged_free, posted, credited)
  SELECT uuidv7(), %(tenant)s, %(order)s, position, product_id, sku, qty, free_qty, per, base_price,
    unit_price, net_unit_price, discount, amount, tax_rate, net, tax, price_list, why, qty + free_qty,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  FROM unnest(%(positions)s::int[], %(products)s::uuid[], %(skus)s::text[], %(qtys)s::int[],
    %(frees)s::int[], %(pers)s::int[], %(base_prices)s::numeric[], %(unit_prices)s::numeric[],
    %(net_prices)s::numeric[], %(discounts)s::numeric[], %(amounts)s::numeric[], %(rates)s::numeric[],
    %(nets)s::numeric[], %(taxes)s::numeric[], %(lists)s::text[], %(whys)s::jsonb[])
  AS x(position, product_id, sku, qty, free_qty, per, base_price, unit_price, net_unit_price, discount,
    amount, tax_rate, net, tax, price_list, why)
), j AS (
  INSERT INTO ledger_journal (id, tenant_id, book_id, seq, kind, source, at, posted_by, memo, previous,
    digest)
  VALUES (%(journal)s, %(tenant)s, %(book)s, %(seq)s, 'commitment', %(source)s, %(at)s, '', %(number)s,
    %(previous)s, %(digest)s)
), e AS (
  INSERT INTO ledger_entry (id, tenant_id, journal_id, account_id, amount)
  VALUES (uuidv7(), %(tenant)s, %(journal)s, %(committed)s, %(total)s),
    (uuidv7(), %(tenant)s, %(journal)s, %(commitment)s, -%(total)s)
), a AS (
  UPDATE ledger_account SET balance = balance
    + CASE WHEN id = %(committed)s THEN %(total)s ELSE -%(total)s END
  WHERE tenant_id = %(tenant)s AND id IN (%(committed)s, %(commitment)s)
), b AS (
  UPDATE ledger_book SET seq = %(seq)s, head = %(digest)s, orders = %(orders)s
  WHERE tenant_id = %(tenant)s AND id = %(book)s
), t AS (
  INSERT INTO audit_auditentry (id, tenant_id, at, actor, action, target, target_id, facts)
  VALUES (uuidv7(), %(tenant)s, %(at)s, '', 'order.place', 'ordering.order', %(order)s::text, %(traced)s)
), m AS (
  INSERT INTO jobs_outboxmessage (id, tenant_id, created_at, topic, body, attempts, last_error)
  VALUES (%(message)s, %(tenant)s, %(at)s, 'ordering.placed', %(body)s, 0, '')
), i AS (
  INSERT INTO integrations_idempotencyrecord (id, tenant_id, api_key_id, key, request_hash, status, body,
    content_type, created_at)
  VALUES (uuidv7(), %(tenant)s, %(key)s, %(once)s, %(hash)s, 201, %(answer)s, 'application/json', %(at)s)
)
INSERT INTO jobs_outboxdue (id, tenant_id, created_at, due_at, nudges)
VALUES (%(message)s, %(tenant)s, %(at)s, %(at)s, 0)
"""

_TAKE = """
WITH w AS MATERIALIZED (
  SELECT * FROM unnest(%(stock_products)s::uuid[], %(units)s::bigint[], %(ordered)s::bigint[],
    %(ordered_net)s::numeric[]) AS w(product_id, units, ordered, net)
), s AS MATERIALIZED (
  SELECT s.id, s.product_id FROM ordering_stock s WHERE s.tenant_id = %(tenant)s
    AND s.party_id = %(seller)s AND s.product_id = ANY(%(stock_products)s::uuid[])
  ORDER BY s.id FOR NO KEY UPDATE
), f AS (
  INSERT INTO ordering_tradefact (id, tenant_id, day, seller_id, buyer_id, product_id, ordered_qty,
    ordered_net, delivered_qty, delivered_free, delivered_net, returned_qty, returned_net)
  SELECT uuidv7(), %(tenant)s, %(on)s, %(seller)s, %(buyer)s, product_id, ordered, net, 0, 0, 0, 0, 0
  FROM w WHERE ordered > 0 ORDER BY product_id
  ON CONFLICT (tenant_id, day, seller_id, buyer_id, product_id) DO UPDATE
  SET ordered_qty = ordering_tradefact.ordered_qty + excluded.ordered_qty,
    ordered_net = ordering_tradefact.ordered_net + excluded.ordered_net
)
UPDATE ordering_stock t SET soft = t.soft + w.units FROM s JOIN w USING (product_id)
WHERE t.tenant_id = %(tenant)s AND t.id = s.id
  AND t.on_hand - t.safety - t.quarantine - t.hard - t.soft >= w.units
"""


def rows_of(
    order: OrderFacts, *, tenant: Any, book: Any, accounts: dict[str, Any], key: Any
) -> dict[str, Any]:
    """Return the values of an order's rows, without those that each new order computes."""
    lines = order.lines
    units: dict[str, list[Any]] = {}
    for line in lines:
        sums = units.setdefault(str(line.product_id), [0, 0, 0])
        sums[0] += line.qty + line.free_qty
        sums[1], sums[2] = sums[1] + line.qty, sums[2] + (line.net if line.qty else 0)
    now = timezone.now()
    return {
        "tenant": str(tenant),
        "seller": str(order.seller_id),
        "buyer": str(order.buyer_id),
        "contract": str(order.contract_id),
        "on": order.placed_on,
        "due_on": order.due_on,
        "subtotal": order.subtotal,
        "discount": order.discount,
        "total": order.total,
        "tax": order.tax,
        "verdict": order.verdict,
        "facts": json.dumps(order.facts),
        "at": now - timedelta(seconds=1),
        "book": str(book),
        "committed": str(accounts["committed"]),
        "commitment": str(accounts["commitment"]),
        "key": str(key),
        "hash": "0" * 64,
        "answer": psycopg2.Binary(json.dumps(order.facts).encode() * 9),
        "positions": [line.position for line in lines],
        "products": [str(line.product_id) for line in lines],
        "skus": [line.sku for line in lines],
        "qtys": [line.qty for line in lines],
        "frees": [line.free_qty for line in lines],
        "pers": [line.per for line in lines],
        "base_prices": [line.base_price for line in lines],
        "unit_prices": [line.unit_price for line in lines],
        "net_prices": [line.net_unit_price for line in lines],
        "discounts": [line.discount for line in lines],
        "amounts": [line.amount for line in lines],
        "rates": [line.tax_rate for line in lines],
        "nets": [line.net for line in lines],
        "taxes": [line.tax for line in lines],
        "lists": [line.price_list for line in lines],
        "whys": [json.dumps(line.why) for line in lines],
        "stock_products": list(units),
        "units": [one[0] for one in units.values()],
        "ordered": [one[1] for one in units.values()],
        "ordered_net": [one[2] for one in units.values()],
        "traced": json.dumps({"number": order.number, "state": order.state, "total": str(order.total)}),
    }


def _place(connection: Any, rows: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.tenant = %s", [rows["tenant"]])
        cursor.execute(_LOCK, [rows["tenant"], rows["book"]])
        seq, head, orders = cursor.fetchone()
        order = str(new_id())
        number, source = f"BARE-{order}", f"order:{order}:placed"
        lines = [("committed", rows["total"]), ("commitment", -rows["total"])]
        digest = digest_of(
            previous=head,
            book_id=rows["book"],
            seq=seq + 1,
            kind="commitment",
            source=source,
            at=rows["at"],
            memo=number,
            posted_by="",
            reverses=None,
            lines=lines,
        )
        own = {
            "order": order,
            "number": number,
            "source": source,
            "journal": str(new_id()),
            "seq": seq + 1,
            "orders": orders + 1,
            "previous": head,
            "digest": digest,
            "message": str(new_id()),
            "body": json.dumps({"order_id": order}),
            "once": order,
        }
        cursor.execute(_WRITE, rows | own)
        cursor.execute(_TAKE, rows)
        if cursor.rowcount != len(rows["units"]):
            raise RuntimeError("out of stock")
    connection.commit()


def _run(share: Sequence[dict[str, Any]], ready: Any, done: Any) -> None:
    given = settings.DATABASES["default"]
    connection = psycopg2.connect(
        host=given["HOST"],
        port=given["PORT"],
        user=given["USER"],
        password=given["PASSWORD"],
        dbname=given["NAME"],
    )
    psycopg2.extras.register_uuid(conn_or_curs=connection)
    for rows in share[:WARM_UP]:
        _place(connection, rows)
    ready.wait()
    for rows in share[WARM_UP:]:
        _place(connection, rows)
    done.put(time.perf_counter())
    connection.close()


def hammer(orders: Sequence[dict[str, Any]], concurrency: int) -> float:
    """Return orders a second; each writer is a process that places WARM_UP orders before the clock starts."""
    context = get_context("fork")
    ready, done = context.Barrier(concurrency + 1), context.Queue()
    shares = [list(orders[i::concurrency]) for i in range(concurrency)]
    writers = [context.Process(target=_run, args=[share, ready, done]) for share in shares]
    for writer in writers:
        writer.start()
    ready.wait()
    start = time.perf_counter()
    ends = [done.get(timeout=120) for _ in writers]
    for writer in writers:
        writer.join()
    return (len(orders) - WARM_UP * concurrency) / (max(ends) - start)
