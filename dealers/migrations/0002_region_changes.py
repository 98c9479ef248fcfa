import django.db.models.deletion
from django.db import migrations, models

from tenancy.migration import Grant


class Migration(migrations.Migration):

    dependencies = [
        ('dealers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegionChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_code', models.CharField(max_length=12, verbose_name='old code')),
                ('on', models.DateField(verbose_name='from')),
                ('kind', models.CharField(choices=[('merged', 'merged'), ('renamed', 'renamed'), ('split', 'split'), ('renumbered', 'renumbered')], max_length=12, verbose_name='kind of change')),
                ('reference', models.CharField(max_length=200, verbose_name='document')),
                ('new', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dealers.region', verbose_name='new region')),
            ],
            options={
                'verbose_name': 'change of a region',
                'verbose_name_plural': 'changes of regions',
                'constraints': [models.UniqueConstraint(fields=('old_code', 'new', 'on'), name='region_change_once')],
            },
        ),
        Grant("RegionChange", "SELECT"),
    ]
