"""Protect tables of Django and of django-otp; they need the person's table and so come after it."""

from django.db import migrations

from tenancy.migration import read_only_globals, run

OWN = "user_id = nullif(current_setting('app.user', true), '')::uuid"
REQUESTED = "phone_hash = nullif(current_setting('app.sign_in', true), '')"
EXPIRED = "expires_at < now() - interval '1 hour'"
POLICIES = (
    ("accounts_device", OWN, OWN),
    ("accounts_backupcode", OWN, OWN),
    ("otp_totp_totpdevice", OWN, OWN),
    ("accounts_signincode", f"{REQUESTED} OR {EXPIRED}", REQUESTED),
)


def secure_own_rows(apps, schema_editor):
    """Show a person's own rows to that person, and codes to whoever requested them or once expired."""
    for table, using, check in POLICIES:
        run(schema_editor, f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        run(schema_editor, f'CREATE POLICY own ON "{table}" USING ({using}) WITH CHECK ({check})')
        run(schema_editor, f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [
        migrations.RunPython(secure_own_rows, migrations.RunPython.noop),
        migrations.RunPython(read_only_globals, migrations.RunPython.noop),
    ]
