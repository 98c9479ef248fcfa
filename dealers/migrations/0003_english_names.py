from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dealers', '0002_region_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='channel',
            name='name_en',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='English name'),
        ),
        migrations.AddField(
            model_name='tag',
            name='name_en',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='English name'),
        ),
        migrations.AddField(
            model_name='territory',
            name='name_en',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='English name'),
        ),
        migrations.AddField(
            model_name='tier',
            name='name_en',
            field=models.CharField(blank=True, default='', max_length=100, verbose_name='English name'),
        ),
    ]
