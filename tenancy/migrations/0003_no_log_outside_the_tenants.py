from django.db import migrations

from tenancy.migration import app_role, run


def read_only(apps, schema_editor):
    """Django's admin log knows no tenant and stays empty: deeds go to the audit trail."""
    run(schema_editor, f'REVOKE INSERT, UPDATE, DELETE ON django_admin_log FROM "{app_role()}"')


class Migration(migrations.Migration):

    dependencies = [
        ('tenancy', '0002_walls_around_the_outbox'),
        ('admin', '0003_logentry_add_action_flag_choices'),
    ]

    operations = [migrations.RunPython(read_only, migrations.RunPython.noop)]
