import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# Debits equal credits in every posting; checked once for each statement that adds entries.
BALANCED = """
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong uuid;
BEGIN
  SELECT journal_id INTO wrong FROM added GROUP BY journal_id HAVING sum(amount) <> 0 LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'posting % does not balance', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balanced AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_balanced();
"""

# Lock a book with the accounts that decide on credit, see ledger.operations.credit_lock; a row for each
# account. A function, because PostgreSQL stores the plan of its statement for the session.
LOCK_FOR_CREDIT = """
CREATE FUNCTION lock_for_credit(p_tenant uuid, p_book uuid)
RETURNS TABLE (
  seq bigint, head varchar, orders bigint, credit_limit numeric, horizon_days integer,
  max_overdue_days integer, payment_days integer, kind varchar, balance numeric
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER ROWS 4 AS $$
BEGIN
  RETURN QUERY
  SELECT b.seq, b.head, b.orders, b.credit_limit, b.horizon_days, b.max_overdue_days, b.payment_days,
    a.kind, a.balance
  FROM ledger_book b JOIN ledger_account a ON a.tenant_id = p_tenant AND a.book_id = b.id
    AND a.kind IN ('receivable', 'unapplied', 'prepayment', 'committed')
  WHERE b.tenant_id = p_tenant AND b.id = p_book ORDER BY a.kind FOR NO KEY UPDATE;
END
$$
"""

# Postings with their entries and open items, the balances of the accounts and the ends of the chains:
# see ledger.operations.posting. The number of entries is returned.
WRITE_POSTINGS = """
CREATE FUNCTION write_postings(
  p_tenant uuid, p_ids uuid[], p_books uuid[], p_seqs bigint[], p_kinds text[], p_sources text[],
  p_ats timestamptz[], p_bys text[], p_memos text[], p_reverses uuid[], p_previous text[], p_digests
  text[], p_entry_ids uuid[], p_entry_journals uuid[], p_entry_books uuid[], p_entry_kinds text[],
  p_amounts numeric[], p_item_ids uuid[], p_item_books uuid[], p_item_journals uuid[],
  p_item_sources text[], p_item_dues date[], p_item_amounts numeric[], p_head_books uuid[],
  p_head_seqs bigint[], p_heads text[], p_orders bigint[]
)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
DECLARE written bigint;
BEGIN
  WITH posted AS (
    SELECT * FROM unnest(p_ids, p_books, p_seqs, p_kinds,
      p_sources, p_ats, p_bys, p_memos,
      p_reverses, p_previous, p_digests)
    AS j(id, book_id, seq, kind, source, at, posted_by, memo, reverses_id, previous, digest)
  ), journals AS (
    INSERT INTO ledger_journal (id, tenant_id, book_id, seq, kind, source, at, posted_by, memo,
      reverses_id, previous, digest)
    SELECT id, p_tenant, book_id, seq, kind, source, at, posted_by, memo, reverses_id, previous, digest
    FROM posted
  ), lines AS MATERIALIZED (
    SELECT l.id, l.journal_id, a.id AS account_id, l.amount
    FROM unnest(p_entry_ids, p_entry_journals, p_entry_books,
      p_entry_kinds, p_amounts) AS l(id, journal_id, book_id, kind, amount)
    JOIN ledger_account a ON a.tenant_id = p_tenant AND a.book_id = l.book_id AND a.kind = l.kind
  ), entries AS (
    INSERT INTO ledger_entry (id, tenant_id, journal_id, account_id, amount)
    SELECT id, p_tenant, journal_id, account_id, amount FROM lines
  ), items AS (
    INSERT INTO ledger_openitem (id, tenant_id, book_id, journal_id, source, due_on, amount, settled)
    SELECT i.id, p_tenant, i.book_id, i.journal_id, i.source, i.due_on, i.amount, 0
    FROM unnest(p_item_ids, p_item_books, p_item_journals,
      p_item_sources, p_item_dues, p_item_amounts)
    AS i(id, book_id, journal_id, source, due_on, amount)
  ), balances AS (
    UPDATE ledger_account a SET balance = a.balance + s.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM lines GROUP BY account_id) s
    WHERE a.tenant_id = p_tenant AND a.id = s.account_id
  ), books AS (
    UPDATE ledger_book b SET seq = h.seq, head = h.head, orders = h.orders
    FROM unnest(p_head_books, p_head_seqs, p_heads, p_orders)
    AS h(id, seq, head, orders) WHERE b.tenant_id = p_tenant AND b.id = h.id
  )
  SELECT count(*) INTO written FROM lines;
  RETURN written;
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("dealers", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                (
                    "credit_limit",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="credit limit"
                    ),
                ),
                (
                    "horizon_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="horizon in days"),
                ),
                (
                    "max_overdue_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="days overdue at most"),
                ),
                ("payment_days", models.PositiveIntegerField(default=30, verbose_name="payment terms (days)")),
                ("orders", models.PositiveBigIntegerField(default=0, editable=False, verbose_name="orders")),
                ("seq", models.PositiveBigIntegerField(default=0, editable=False, verbose_name="postings")),
                (
                    "head",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=64,
                        verbose_name="hash of the last posting",
                    ),
                ),
                (
                    "buyer",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="books_as_buyer",
                        to="dealers.party",
                        verbose_name="buyer",
                    ),
                ),
                (
                    "seller",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="books_as_seller",
                        to="dealers.party",
                        verbose_name="seller",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "buyer", "seller"), name="book_once"),
                    models.CheckConstraint(
                        condition=models.Q(("credit_limit__gte", 0)), name="book_credit_limit"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seller", models.F("buyer")), _negated=True),
                        name="book_two_parties",
                    ),
                ],
                "indexes": [models.Index(fields=["tenant", "seller"], name="book_by_seller")],
                "verbose_name": "book",
                "verbose_name_plural": "books",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receivable", "receivable"),
                            ("unapplied", "receipts not applied"),
                            ("cash", "payments received"),
                            ("prepayment", "prepayment"),
                            ("security_deposit", "security deposit"),
                            ("forfeited", "forfeited security deposits"),
                            ("sales", "sales"),
                            ("tax", "tax"),
                            ("committed", "ordered, not delivered"),
                            ("commitment", "commitment"),
                            ("rebate_expense", "rebate expense"),
                            ("rebate_wallet", "rebate wallet"),
                            ("guarantee_expense", "guarantee expense"),
                            ("guarantee_wallet", "guarantees owed"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "balance",
                    models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="balance"),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "book",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="ledger.book",
                        verbose_name="book",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "book", "kind"), name="account_once")
                ],
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Journal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(verbose_name="number")),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("posted_by", models.CharField(blank=True, max_length=200, verbose_name="posted by")),
                ("memo", models.CharField(blank=True, max_length=300, verbose_name="memo")),
                (
                    "previous",
                    models.CharField(blank=True, max_length=64, verbose_name="hash of the one before"),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="hash")),
                (
                    "book",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="journals",
                        to="ledger.book",
                        verbose_name="book",
                    ),
                ),
                (
                    "reverses",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journal",
                        verbose_name="reverses",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "source"), name="journal_source_once"),
                    models.UniqueConstraint(fields=("tenant", "book", "seq"), name="journal_seq"),
                ],
                "verbose_name": "posting",
                "verbose_name_plural": "postings",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="amount")),
                (
                    "account",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "journal",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.journal",
                        verbose_name="posting",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["tenant", "account"], name="entry_by_account"),
                    models.Index(fields=["tenant", "journal"], name="entry_by_journal"),
                ],
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="amount")),
                (
                    "settled",
                    models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="settled"),
                ),
                (
                    "book",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="open_items",
                        to="ledger.book",
                        verbose_name="book",
                    ),
                ),
                (
                    "journal",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journal",
                        verbose_name="posting",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "source"), name="open_item_source")
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled", models.F("amount")), _negated=True),
                        fields=["tenant", "book", "due_on"],
                        include=("amount", "settled"),
                        name="open_item_unsettled",
                    )
                ],
                "verbose_name": "open item",
                "verbose_name_plural": "open items",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        TenantTable("Book", permanent=True),
        TenantTable("Account", permanent=True),
        TenantTable("Journal", append_only=True),
        TenantTable("Entry", append_only=True),
        TenantTable("OpenItem", permanent=True),
        migrations.RunSQL(BALANCED, migrations.RunSQL.noop),
        migrations.RunSQL(LOCK_FOR_CREDIT, migrations.RunSQL.noop),
        migrations.RunSQL(WRITE_POSTINGS, migrations.RunSQL.noop),
    ]
