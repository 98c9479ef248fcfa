from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ordering', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='shipment',
            name='requested',
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name='requested lines'),
        ),
        migrations.AddField(
            model_name='shipment',
            name='source',
            field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='outside number'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.UniqueConstraint(condition=models.Q(('source', ''), _negated=True), fields=('tenant', 'source'), name='shipment_source_once'),
        ),
    ]
