from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_messages_and_the_door"),
        ("tenancy", "0005_forms_sent_once_and_search"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="proved_email",
            field=models.EmailField(
                blank=True, editable=False, max_length=254, verbose_name="confirmed email address"
            ),
        ),
        migrations.AddField(
            model_name="hook", name="failures", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddField(model_name="hook", name="rests_until", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="delivery", name="target", field=models.CharField(blank=True, max_length=253)
        ),
        migrations.AddField(model_name="delivery", name="due_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="delivery", name="sending_until", field=models.DateTimeField(null=True)
        ),
    ]
