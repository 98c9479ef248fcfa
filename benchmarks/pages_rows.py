# ruff: noqa: E501 statements are easier to read unbroken
"""The statements that make the market of `bench pages`, in the order of their keys.

An object's id is its kind and its number (`ref` of pages_market); parties are numbered manufacturer
0, dealers, members, outlets.
"""

from __future__ import annotations


def _id(kind: int, number: str) -> str:
    return f"('01a00000-{kind:04x}-7000-8000-' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"


PARTY, ORDER, PRODUCT, BOOK, LIST, CONTRACT, SETTLEMENT, TIER, JOURNAL, LINE, SHIPMENT, ACCOUNT = range(1, 13)
NEW = "uuidv7()"
MEMBERS_PARENT = "CASE WHEN {m} < 300 THEN 1 ELSE 1 + {m} %% %(dealers)s END"
OUTLETS_PARENT = (
    "CASE WHEN {o} < 5000 THEN %(dealers)s + 1 + {o} %% least(300, %(members)s)"
    " WHEN {o} %% 2 = 0 THEN %(dealers)s + 1 + {o} %% %(members)s ELSE 1 + {o} %% %(dealers)s END"
)

WORDS = "words AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%(words)s) AS w (n int, name text, tokens text[]))"

PARTIES = f"""
WITH {WORDS}, counties AS (SELECT array_agg(code ORDER BY code) AS codes FROM dealers_region WHERE depth = 3),
found AS (SELECT cardinality(codes) AS many, codes FROM counties),
numbered AS (
  SELECT 0 AS n, 'manufacturer' AS kind, 'M' AS code, NULL::int AS parent
  UNION ALL SELECT n, 'dealer', 'D' || lpad(n::text, 6, '0'), 0 FROM generate_series(1, %(dealers)s) n
  UNION ALL SELECT %(dealers)s + 1 + m, 'member', 'A' || lpad(m::text, 6, '0'), {MEMBERS_PARENT.format(m="m")}
    FROM generate_series(0, %(members)s - 1) m
  UNION ALL SELECT %(dealers)s + %(members)s + 1 + o, 'outlet', 'T' || lpad(o::text, 6, '0'),
    {OUTLETS_PARENT.format(o="o")} FROM generate_series(0, %(outlets)s - 1) o)
INSERT INTO dealers_party (id, kind, code, name, search, uscc, contact, phone, address, months_below,
  tracks_stock, confirms_itself, is_active, joined_on, parent_id, tenant_id, region_id, tier_id)
SELECT {_id(PARTY, "numbered.n")}, kind, code, w.name, ' ' || lower(code) || ' ' || array_to_string(w.tokens, ' ') || ' ', '', '', '', '', 0, kind IN ('manufacturer',
  'dealer'), false,
  true, %(today)s - 400, {_id(PARTY, "parent")}, %(tenant)s, f.codes[1 + (numbered.n * 7) %% f.many],
  CASE WHEN kind IN ('dealer', 'member') THEN {_id(TIER, "numbered.n %% 3")} END
FROM numbered JOIN words w ON w.n = numbered.n %% (SELECT count(*) FROM words) CROSS JOIN found f ORDER BY 1
"""

TOKENS = f"""
WITH {WORDS}
INSERT INTO ui_searchtoken (id, tenant_id, noun, token, object_id)
SELECT {NEW}, %(tenant)s, noun, token, id FROM (
  SELECT 'party' AS noun, unnest(w.tokens || ARRAY[lower(p.code)]) AS token, p.id
  FROM dealers_party p JOIN words w ON w.name = p.name WHERE p.tenant_id = %(tenant)s
  UNION ALL
  SELECT 'product', unnest(ARRAY[lower(sku), '生抽' || substr(sku, 2), '抽' || substr(sku, 2)]), id
  FROM catalogue_product WHERE tenant_id = %(tenant)s
  UNION ALL
  SELECT 'contract', unnest(ARRAY[lower(code), lower(substr(code, 2))]), id FROM alliance_contract
  WHERE tenant_id = %(tenant)s
) t ORDER BY noun, token
"""

SIDES = f"""
SELECT n, CASE
  WHEN n %% 500 = 0 OR n %% 10 < 3 THEN 0
  WHEN n %% 100 = 3 THEN 1
  WHEN n %% 10 < 7 THEN {MEMBERS_PARENT.format(m="m")}
  WHEN n %% 1000 = 7 THEN %(dealers)s + 1
  ELSE {OUTLETS_PARENT.format(o="o")} END AS seller, CASE
  WHEN n %% 500 = 0 THEN 1
  WHEN n %% 10 < 3 THEN 1 + (n * 7919) %% %(dealers)s
  WHEN n %% 100 = 3 THEN %(dealers)s + 1 + (n / 100) %% least(300, %(members)s)
  WHEN n %% 10 < 7 THEN %(dealers)s + 1 + m
  WHEN n %% 1000 = 7 THEN %(dealers)s + %(members)s + 1 + ((n / 1000) %% 16) * 300 %% %(outlets)s
  ELSE %(dealers)s + %(members)s + 1 + o END AS buyer,
  %(year_ago)s::timestamptz + n * (interval '365 days' / %(orders)s) AS placed_at,
  CASE WHEN n > %(orders)s - greatest(20, %(orders)s / 200)
       THEN (ARRAY['review', 'held', 'placed', 'placed', 'confirmed', 'reserved', 'part_shipped', 'shipped',
                   'shipped'])[1 + (n / 10) %% 9]
       WHEN n %% 53 = 0 THEN 'cancelled' ELSE 'delivered' END AS state
FROM (SELECT n, (n * 104729) %% %(members)s AS m, (n * 15485863) %% %(outlets)s AS o
      FROM generate_series(1::bigint, %(orders)s) n) numbers
"""

ORDERS = f"""
INSERT INTO ordering_order (id, number, kind, state, placed_at, placed_on, confirmed_at, delivered_at,
  currency,
  subtotal, discount, total, tax, open_amount, due_on, verdict, source, reference, note, facts, buyer_id,
  seller_id, tenant_id)
SELECT {_id(ORDER, "n")}, 'SO' || lpad(n::text, 9, '0'),
  CASE WHEN n %% 10 < 7 THEN 'standard' ELSE 'presale' END,
  state, placed_at, placed_at::date, placed_at + interval '1 hour',
  CASE WHEN state = 'delivered' THEN placed_at + interval '1 day' END, 'CNY', 400 + n %% 90, 0,
  400 + n %% 90, 46,
  CASE WHEN state IN ('delivered', 'cancelled') THEN 0 ELSE 400 END, placed_at::date + 30, 'ok', '', '', '',
  '{{}}', {_id(PARTY, "buyer")}, {_id(PARTY, "seller")}, %(tenant)s
FROM ({SIDES}) o ORDER BY n
"""

LINES = f"""
INSERT INTO ordering_orderline (id, position, sku, qty, free_qty, per, base_price, unit_price, net_unit_price,
  discount, amount, tax_rate, net, tax, price_list, why, reserved_qty, cancelled_qty, cancelled_free,
  shipped_qty,
  shipped_free, delivered_qty, delivered_free, returned_qty, returned_free, posted, credited, order_id,
  product_id, tenant_id, charged_free)
SELECT {_id(LINE, "o.n * 4 + at")}, at + 1, 'P' || lpad(((o.n * 31 + at) %% %(products)s)::text, 5, '0'),
  2, 0, 1,
  50, 50, 50, 0, 100, 0.13, 88.50, 11.50, 'BASE', '{{}}', 0, 0, 0,
  CASE WHEN r.state IN ('delivered', 'shipped') THEN 2 ELSE 0 END, 0,
  CASE WHEN r.state = 'delivered' THEN 2 ELSE 0 END, 0, 0, 0, 0, 0, r.id,
  {_id(PRODUCT, "(o.n * 31 + at) %% %(products)s")}, %(tenant)s, 0
FROM generate_series(%(orders)s - %(with_lines)s + 1::bigint, %(orders)s) o (n)
JOIN ordering_order r ON r.tenant_id = %(tenant)s AND r.id = {_id(ORDER, "o.n")}
CROSS JOIN generate_series(0, 3) at
"""

SHIPMENTS = f"""
INSERT INTO ordering_shipment (id, number, state, shipped_at, delivered_at, delivered_on, signed_by, amount,
  order_id, tenant_id)
SELECT {_id(SHIPMENT, "n")}, 'SH' || lpad(n::text, 9, '0'), r.state, r.placed_at + interval '3 hours',
  r.delivered_at, r.delivered_at::date, '', r.total, r.id, %(tenant)s
FROM generate_series(1::bigint, %(orders)s) n
JOIN ordering_order r ON r.tenant_id = %(tenant)s AND r.id = {_id(ORDER, "n")} AND r.state IN ('delivered',
  'shipped')
"""

SHIPPED_LINES = f"""
INSERT INTO ordering_shipmentline (id, qty, free_qty, net, tax, order_line_id, shipment_id, tenant_id)
SELECT {NEW}, 2, 0, 88.50, 11.50, {_id(LINE, "n * 4 + at")}, s.id, %(tenant)s
FROM generate_series(%(orders)s - %(with_lines)s + 1::bigint, %(orders)s) n
JOIN ordering_shipment s ON s.tenant_id = %(tenant)s
  AND s.id = {_id(SHIPMENT, "n")} CROSS JOIN generate_series(0, 3) at
"""

FACTS = f"""
INSERT INTO ordering_tradefact (id, tenant_id, day, seller_id, buyer_id, product_id, ordered_qty, ordered_net,
  delivered_qty, delivered_free, delivered_net, returned_qty, returned_net)
SELECT {NEW}, %(tenant)s, day, seller_id, buyer_id, product, sum(2), sum(88.5), sum(2), 0, sum(88.5), 0,
  0 FROM (
  SELECT o.delivered_at::date AS day, o.seller_id, o.buyer_id,
  {_id(PRODUCT, "(n * 31 + at) %% %(products)s")} AS product
  FROM generate_series(1::bigint, %(orders)s) n
  JOIN ordering_order o ON o.tenant_id = %(tenant)s AND o.id = {_id(ORDER, "n")} AND o.state = 'delivered'
  CROSS JOIN generate_series(0, CASE WHEN n > %(orders)s - %(with_lines)s THEN 3 ELSE 0 END) at) t
GROUP BY day, seller_id, buyer_id, product ORDER BY day, seller_id
"""

DAYS = f"""
INSERT INTO ordering_tradeday (id, tenant_id, day, seller_id, buyer_id, delivered_net, returned_net)
SELECT {NEW}, tenant_id, day, seller_id, buyer_id, sum(delivered_net), sum(returned_net)
FROM ordering_tradefact WHERE tenant_id = %(tenant)s
GROUP BY tenant_id, day, seller_id, buyer_id ORDER BY day, seller_id
"""

MASTERS = f"""
INSERT INTO dealers_tier (id, code, name, from_score, tenant_id)
VALUES ({_id(TIER, "0")}, 'base', '普通', 0, %(tenant)s), ({_id(TIER, "1")}, 'key', '重点', 60, %(tenant)s),
  ({_id(TIER, "2")}, 'core', '核心', 80, %(tenant)s);
INSERT INTO catalogue_product (id, sku, sku_key, name, name_key, search, base_unit, tax_rate, stage, tenant_id)
SELECT {_id(PRODUCT, "n")}, 'P' || lpad(n::text, 5, '0'), 'p' || lpad(n::text, 5, '0'),
  '生抽' || lpad(n::text, 5, '0'), '生抽' || lpad(n::text, 5, '0'), '', '瓶', 0.13,
  'active',
  %(tenant)s FROM generate_series(0, %(products)s - 1) n;
INSERT INTO catalogue_unit (id, name, factor, product_id, tenant_id)
SELECT {NEW}, '箱', 12, {_id(PRODUCT, "n")}, %(tenant)s FROM generate_series(0, %(products)s - 1) n
"""

PRICES = f"""
INSERT INTO pricing_pricelist (id, code, name, audience_kind, audience_value, priority, state, version,
  tax_included, seller_id,
  tenant_id)
SELECT {_id(LIST, "n")}, 'L' || n, '', 'level', CASE WHEN n %% 2 = 0 THEN 'dealer' ELSE 'member' END, 0,
  'draft', 1, true,
  {_id(PARTY, "CASE WHEN n < 10 THEN 0 ELSE n - 9 END")}, %(tenant)s FROM generate_series(0,
  %(dealers)s + 9) n;
INSERT INTO pricing_priceentry (id, price, per, min_qty, product_id, tenant_id, price_list_id)
SELECT {NEW}, 50, 1, 1, {_id(PRODUCT, "p")}, %(tenant)s, {_id(LIST, "n")}
FROM generate_series(0, %(dealers)s + 9) n
CROSS JOIN LATERAL generate_series(0, CASE WHEN n <= 10 THEN %(products)s - 1 ELSE 9 END) p;
UPDATE pricing_pricelist SET state = 'published', audience_value = CASE WHEN seller_id = {_id(PARTY, "0")}
  THEN audience_value ELSE 'member' END WHERE tenant_id = %(tenant)s;
INSERT INTO pricing_scheme (id, code, name, kind, audience_kind, audience_value, priority, exclusive_group,
  terms,
  state, seller_id, tenant_id)
SELECT {NEW}, 'S' || n, '', 'order_amount', 'everyone', '', 0, '',
  jsonb_build_object('steps', jsonb_build_array(jsonb_build_object('from', (1000 * (n + 1))::text,
  'amount_off', '10'))),
  'published', {_id(PARTY, "n %% 2")}, %(tenant)s FROM generate_series(0, 15) n
"""

STOCK = f"""
INSERT INTO ordering_stock (id, on_hand, safety, quarantine, hard, soft, party_id, product_id, tenant_id)
SELECT {NEW}, 9000, 100, 0, 10, 0, {_id(PARTY, "n")}, {_id(PRODUCT, "p")}, %(tenant)s
FROM generate_series(0, %(dealers)s) n
CROSS JOIN LATERAL generate_series(0, CASE WHEN n <= 1 THEN %(products)s - 1 ELSE 19 END) p
"""

CONTRACTS = f"""
INSERT INTO alliance_contract (id, code, state, version, starts_on, until, delivery_hours, late_fee,
  digest, text,
  submitted_at, activated_at, dealer_id, manufacturer_id, member_id, tenant_id)
SELECT {_id(CONTRACT, "m")}, 'C' || lpad(m::text, 6, '0'),
  CASE WHEN m %% 97 = 5 THEN 'submitted' ELSE 'active' END, 1,
  %(today)s - 200, %(today)s + 30 + m %% 300, 48, 50, 'x', '{{}}', %(year_ago)s, %(year_ago)s,
  {_id(PARTY, MEMBERS_PARENT.format(m="m"))},
  {_id(PARTY, "0")}, {_id(PARTY, "%(dealers)s + 1 + m")}, %(tenant)s FROM generate_series(0,
  %(members)s - 1) m;
INSERT INTO alliance_guaranteemonth (id, month, kind, measured, broken, owed, booked, contract_id,
  tenant_id, bookings)
SELECT {NEW}, (%(month)s::date - back * interval '1 month')::date, kind, 4,
  CASE WHEN m %% 11 = 0 THEN 1 ELSE 0 END, 0,
  0, {_id(CONTRACT, "m")}, %(tenant)s, 0
FROM generate_series(1, 6) back, unnest(ARRAY['region', 'term', 'spread', 'service']) kind,
  generate_series(0, %(members)s - 1) m;
INSERT INTO alliance_guaranteetotal (id, tenant_id, month, kind, measured, broken, owed, contracts,
  contracts_broken)
SELECT {NEW}, tenant_id, month, kind, sum(measured), sum(broken), sum(owed), count(*),
  count(*) FILTER (WHERE broken > 0) FROM alliance_guaranteemonth
WHERE tenant_id = %(tenant)s GROUP BY tenant_id, month, kind
"""

BOOKS = f"""
INSERT INTO ledger_book (id, currency, credit_limit, payment_days, orders, seq, head, buyer_id, seller_id,
  tenant_id)
SELECT {_id(BOOK, "n")}, 'CNY', 100000, 30, 0, 4, '', {_id(PARTY, "n")},
  {_id(PARTY, "CASE WHEN n <= %(dealers)s THEN 0 ELSE " + MEMBERS_PARENT.format(m="(n - %(dealers)s - 1)") + " END")},
  %(tenant)s FROM generate_series(1, %(dealers)s + %(members)s) n;
INSERT INTO ledger_account (id, kind, balance, tenant_id, book_id)
SELECT {_id(ACCOUNT, "n * 14 + k.at")}, k.kind,
  CASE k.kind WHEN 'receivable' THEN 400 WHEN 'sales' THEN -400 ELSE 0 END, %(tenant)s, {_id(BOOK, "n")}
FROM generate_series(1, %(dealers)s + %(members)s) n, unnest(ARRAY['receivable', 'sales', 'unapplied', 'cash',
  'prepayment', 'security_deposit', 'forfeited', 'tax', 'committed', 'commitment', 'rebate_expense', 'rebate_wallet', 'guarantee_expense',
  'guarantee_wallet']) WITH ORDINALITY k (kind, at);
INSERT INTO ledger_journal (id, seq, kind, source, at, posted_by, memo, previous, digest, book_id, tenant_id)
SELECT {_id(JOURNAL, "n * 4 + s")}, s, 'sale', 'bench:' || n || ':' || s,
  %(now)s::timestamptz - s * interval '20 days',
  '', '', '', '', {_id(BOOK, "n")}, %(tenant)s
FROM generate_series(1, %(dealers)s + %(members)s) n, generate_series(1, 4) s;
INSERT INTO ledger_entry (id, amount, account_id, tenant_id, journal_id)
SELECT {NEW}, CASE at WHEN 1 THEN 100 ELSE -100 END, {_id(ACCOUNT, "n * 14 + at")}, %(tenant)s,
  {_id(JOURNAL, "n * 4 + s")}
FROM generate_series(1, %(dealers)s + %(members)s) n, generate_series(1, 4) s, generate_series(1, 2) at;
INSERT INTO ledger_openitem (id, source, due_on, amount, settled, book_id, journal_id, tenant_id)
SELECT {NEW}, 'bench:' || n || ':' || s, %(today)s::date - s * 20 + 30, 100, CASE WHEN s = 4 THEN 100 ELSE 0 END,
  {_id(BOOK, "n")}, {_id(JOURNAL, "n * 4 + s")}, %(tenant)s
FROM generate_series(1, %(dealers)s + %(members)s) n, generate_series(1, 4) s
"""

STANDING = f"""
INSERT INTO dealers_tiermonth (id, month, score, move, months_below, reasons, party_id, tenant_id, tier_id)
SELECT {NEW}, (%(month)s::date - back * interval '1 month')::date, 40 + n %% 60,
  CASE WHEN n %% 40 = 0 THEN 'warn' ELSE 'stay' END, 0,
  '{{"bar": "0.00", "lift": {{}}, "missing": ["growth"], "dimensions": {{"scale": {{"value": "93.15",
  "points": "32.88", "weight": "0.30"}}}}}}',
  {_id(PARTY, "n")}, %(tenant)s, {_id(TIER, "n %% 3")}
FROM generate_series(1, 6) back, generate_series(1, %(dealers)s) n
"""

REBATES = f"""
INSERT INTO rebates_program (id, code, name, method, measure, tiers, audience_kind, audience_value,
  starts_on, until,
  settled_every, starts_anew, state, seller_id, tenant_id)
SELECT {_id(LIST, "n")}, 'R' || n, '季度返利', 'retroactive', 'amount', '[{{"from": "0", "rate": "0.01"}}]',
  'level',
  'dealer', (%(month)s::date - interval '6 months')::date, (%(month)s::date + interval '6 months')::date,
  1, true,
  'active', {_id(PARTY, "0")}, %(tenant)s FROM generate_series(1, 2) n;
INSERT INTO rebates_settlement (id, starts_on, until, settled_at, parties, due, program_id, tenant_id, terms)
SELECT {_id(SETTLEMENT, "n * 10 + back")}, (%(month)s::date - back * interval '1 month')::date,
  (%(month)s::date - (back - 1) * interval '1 month')::date, %(now)s, %(dealers)s, 1000, {_id(LIST, "n")},
  %(tenant)s,
  '{{"cap": null, "tiers": [{{"from": "0", "rate": "0.01"}}], "method": "retroactive", "measure": "amount",
  "starts_anew": true, "audience_kind": "level", "audience_value": "dealer"}}'
FROM generate_series(1, 2) n, generate_series(1, 6) back;
INSERT INTO rebates_statement (id, base, cumulative, earned, due, why, party_id, settlement_id, tenant_id)
SELECT {NEW}, 1000, 1000, 10, CASE WHEN p %% 10 = 0 THEN 0 ELSE 10 END,
  '{{"sum": "0.00 + 1000 = 1000; 10 − 0.00 = 10", "rate": "0.01", "parts": [["0", "1000", "0.01"]],
  "settled_before": "0.00", "cumulative_before": "0.00"}}',
  {_id(PARTY, "p")}, {_id(SETTLEMENT, "n * 10 + back")}, %(tenant)s
FROM generate_series(1, 2) n, generate_series(1, 6) back, generate_series(1, %(dealers)s) p
"""

STATEMENTS = (
    ("masters", MASTERS),
    ("parties", PARTIES),
    ("contracts", CONTRACTS),
    ("tokens", TOKENS),
    ("prices", PRICES),
    ("stock", STOCK),
    ("books", BOOKS),
    ("standing", STANDING),
    ("rebates", REBATES),
    ("orders", ORDERS),
    ("lines", LINES),
    ("shipments", SHIPMENTS),
    ("shipped lines", SHIPPED_LINES),
    ("facts", FACTS),
    ("days", DAYS),
)
