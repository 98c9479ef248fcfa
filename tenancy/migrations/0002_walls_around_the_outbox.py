import django.db.models.deletion
import tenancy.context
import tenancy.models.base
from django.db import migrations, models

from tenancy.migration import TenantTable, close_partitions, read_only_globals


class Migration(migrations.Migration):

    dependencies = [
        ('tenancy', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL('ALTER TABLE tenancy_outboxdue RENAME COLUMN message_id TO id'),
                migrations.RunSQL('ALTER TABLE tenancy_outboxdue ADD COLUMN nudges smallint NOT NULL DEFAULT 0 CHECK (nudges >= 0)'),
                migrations.RunSQL('ALTER TABLE tenancy_outboxdue ALTER COLUMN nudges DROP DEFAULT'),
            ],
            state_operations=[
                migrations.DeleteModel(name='OutboxDue'),
                migrations.CreateModel(
                    name='OutboxDue',
                    fields=[
                        ('id', models.UUIDField(default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                        ('created_at', models.DateTimeField()),
                        ('due_at', models.DateTimeField()),
                        ('nudges', models.PositiveSmallIntegerField(default=0)),
                        ('tenant', models.ForeignKey(db_constraint=False, db_index=False, default=tenancy.context.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
                    ],
                    options={
                        'abstract': False,
                        'base_manager_name': 'objects',
                        'indexes': [models.Index(fields=['due_at'], name='outbox_due_at')],
                    },
                ),
            ],
        ),
        TenantTable('OutboxDue', also_readable="current_setting('app.sweeping', true) = 'on'"),
        migrations.RunPython(close_partitions, migrations.RunPython.noop),
        migrations.RunPython(read_only_globals, migrations.RunPython.noop),
    ]
