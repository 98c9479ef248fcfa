import django.db.models.deletion
from django.db import migrations, models

import tenancy.models.base
from tenancy.migration import Grant, open_schema


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunPython(open_schema, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Tenant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="address")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "timezone",
                    models.CharField(default="Asia/Shanghai", max_length=60, verbose_name="time zone"),
                ),
                ("currency", models.CharField(default="CNY", max_length=3, verbose_name="currency")),
                ("prices_include_tax", models.BooleanField(default=True, verbose_name="prices include tax")),
                ("is_open", models.BooleanField(default=True, verbose_name="open")),
                ("is_demo", models.BooleanField(default=False, verbose_name="demonstration")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "tenant",
                "verbose_name_plural": "tenants",
            },
        ),
        migrations.CreateModel(
            name="TenantHost",
            fields=[
                (
                    "host",
                    models.CharField(
                        max_length=253, primary_key=True, serialize=False, verbose_name="host name"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hosts", to="tenancy.tenant"
                    ),
                ),
            ],
            options={
                "verbose_name": "host name",
                "verbose_name_plural": "host names",
            },
        ),
        Grant("Tenant", "SELECT"),
        Grant("TenantHost", "SELECT"),
    ]
