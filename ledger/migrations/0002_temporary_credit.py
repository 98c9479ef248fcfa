import django.db.models.deletion
import tenancy.context
import tenancy.models.base
from django.db import migrations, models

from tenancy.migration import TenantTable

# As before, with the temporary credits as JSON. The book is locked by a statement of its own, because the
# next one sees what was committed while it waited.
LOCK_FOR_CREDIT = """
DROP FUNCTION lock_for_credit(uuid, uuid);
CREATE FUNCTION lock_for_credit(p_tenant uuid, p_book uuid)
RETURNS TABLE (
  seq bigint, head varchar, orders bigint, credit_limit numeric, horizon_days integer,
  max_overdue_days integer, payment_days integer, temporary text, kind varchar, balance numeric
)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER ROWS 4 AS $$
BEGIN
  PERFORM 1 FROM ledger_book k WHERE k.tenant_id = p_tenant AND k.id = p_book FOR NO KEY UPDATE;
  RETURN QUERY
  SELECT b.seq, b.head, b.orders, b.credit_limit, b.horizon_days, b.max_overdue_days, b.payment_days,
    (SELECT jsonb_agg(jsonb_build_array(t.amount::text, t.starts_on, t.until))::text
     FROM ledger_temporarycredit t WHERE t.tenant_id = p_tenant AND t.book_id = p_book
     AND t.ended_at IS NULL AND t.until > current_date - 1),
    a.kind, a.balance
  FROM ledger_book b JOIN ledger_account a ON a.tenant_id = p_tenant AND a.book_id = b.id
    AND a.kind IN ('receivable', 'unapplied', 'prepayment', 'committed')
  WHERE b.tenant_id = p_tenant AND b.id = p_book ORDER BY a.kind FOR NO KEY UPDATE OF b, a;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='TemporaryCredit',
            fields=[
                ('id', models.UUIDField(default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('until', models.DateField(verbose_name='until')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('granted_by', models.CharField(blank=True, editable=False, max_length=200, verbose_name='granted by')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='ended at')),
                ('is_announced', models.BooleanField(default=False, editable=False, verbose_name='announced')),
                ('book', tenancy.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='temporary_credits', to='ledger.book', verbose_name='book')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, default=tenancy.context.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'temporary credit',
                'verbose_name_plural': 'temporary credits',
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'book', 'until'], name='temporary_credit_by_book')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='temporary_credit_amount'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('starts_on'))), name='temporary_credit_period')],
            },
        ),
        TenantTable("TemporaryCredit", permanent=True),
        migrations.RunSQL(LOCK_FOR_CREDIT, migrations.RunSQL.noop),
    ]
