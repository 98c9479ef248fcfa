import django.db.models.deletion
import tenancy.context
import tenancy.models.base
from django.db import migrations, models

from tenancy.migration import TenantTable


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_portfolios'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='brand',
            name='name_en',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='English name'),
        ),
        migrations.AddField(
            model_name='category',
            name='name_en',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='English name'),
        ),
        migrations.CreateModel(
            name='UnitName',
            fields=[
                ('id', models.UUIDField(default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('name_en', models.CharField(blank=True, default='', max_length=100, verbose_name='English name')),
                ('name', models.CharField(max_length=20, verbose_name='name')),
                ('plural_en', models.CharField(blank=True, default='', help_text='Blank: as in the singular.', max_length=100, verbose_name='English plural')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, default=tenancy.context.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'name of a unit',
                'verbose_name_plural': 'names of units',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'name'), name='unit_name_once')],
            },
        ),
        TenantTable("UnitName"),
    ]
