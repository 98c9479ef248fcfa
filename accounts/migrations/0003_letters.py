import django.db.models.deletion
import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_own_rows'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.UUIDField(default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('mail', 'Mail'), ('sms', 'Text message')], max_length=20, verbose_name='channel')),
                ('address', models.CharField(max_length=254, verbose_name='address')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('params', models.JSONField(default=dict)),
                ('link', models.CharField(blank=True, max_length=500)),
                ('source', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('waiting', 'sending'), ('sent', 'sent'), ('failed', 'failed')], default='waiting', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=300)),
                ('due_at', models.DateTimeField(null=True)),
                ('sending_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(verbose_name='written')),
                ('ended_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, default=tenancy.context.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'letter',
                'verbose_name_plural': 'letters',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'source'), name='letter_once')],
            },
        ),
        TenantTable("Letter"),
    ]
