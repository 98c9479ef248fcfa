import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# One statement for the entrance of a request by API key: `integrations.authentication` calls it.
#
# It runs with the caller's rights, so that row security holds inside it: the key is visible by its
# hash (`app.key_hash`), everything else once the tenant is set. Each step is a statement of its own,
# for three reasons: a policy must see the setting that the step before made; a claim that waited for
# its twin must see the twin's answer, which only a later snapshot does; and Citus passes on a
# `SET LOCAL` that stands alone.
ENTER_BY_KEY = """
CREATE FUNCTION enter_by_key(
  p_key_hash text, p_at timestamptz, p_issuer_roles text[],
  p_record_id uuid, p_idempotency_key text, p_request_hash text,
  OUT found_key integrations_apikey,
  OUT found_tenant tenancy_tenant,
  OUT is_claimed boolean,
  OUT answered integrations_idempotencyrecord
)
RETURNS SETOF record LANGUAGE plpgsql VOLATILE SECURITY INVOKER ROWS 1 AS $$
BEGIN
  EXECUTE format('SET LOCAL app.key_hash = %L', p_key_hash);
  SELECT k.* INTO found_key FROM integrations_apikey k
  WHERE k.key_hash = p_key_hash AND k.is_active
    AND (k.issued_by_id IS NOT NULL OR k.is_platforms)
    AND (k.expires_at IS NULL OR k.expires_at > p_at);
  IF NOT FOUND THEN
    RETURN;
  END IF;

  EXECUTE format('SET LOCAL app.tenant = %L', found_key.tenant_id);
  SELECT t.* INTO found_tenant FROM tenancy_tenant t
  WHERE t.id = found_key.tenant_id AND t.is_open
    AND EXISTS (
      SELECT FROM dealers_party p
      WHERE p.tenant_id = found_key.tenant_id AND p.id = found_key.party_id AND p.is_active)
    AND (found_key.issued_by_id IS NULL OR EXISTS (
      SELECT FROM dealers_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active
      WHERE m.tenant_id = found_key.tenant_id AND m.user_id = found_key.issued_by_id AND m.is_active
        AND m.party_kind || ':' || m.role = ANY (p_issuer_roles)
        AND (m.party_id = found_key.party_id OR m.party_kind = 'manufacturer')));
  IF NOT FOUND THEN
    SET LOCAL app.tenant = '';
    RETURN;
  END IF;

  is_claimed := false;
  IF p_idempotency_key IS NOT NULL THEN
    INSERT INTO integrations_idempotencyrecord
      (id, tenant_id, api_key_id, key, request_hash, body, content_type, created_at)
    VALUES
      (p_record_id, found_key.tenant_id, found_key.id, p_idempotency_key, p_request_hash, '', '', p_at)
    ON CONFLICT (tenant_id, api_key_id, key) DO NOTHING;
    is_claimed := FOUND;
    IF NOT is_claimed THEN
      SELECT r.* INTO answered FROM integrations_idempotencyrecord r
      WHERE r.tenant_id = found_key.tenant_id AND r.api_key_id = found_key.id
        AND r.key = p_idempotency_key;
    END IF;
  END IF;
  RETURN NEXT;
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("dealers", "0001_initial"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("key_hash", models.CharField(editable=False, max_length=64, verbose_name="hash of the key")),
                ("hint", models.CharField(editable=False, max_length=12, verbose_name="begins with")),
                (
                    "party_kind",
                    models.CharField(
                        choices=[
                            ("manufacturer", "manufacturer"),
                            ("dealer", "dealer"),
                            ("member", "alliance member"),
                            ("outlet", "outlet"),
                        ],
                        editable=False,
                        max_length=12,
                        verbose_name="kind of party",
                    ),
                ),
                ("role", models.CharField(default="system", max_length=20, verbose_name="role")),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None, verbose_name="scopes"
                    ),
                ),
                (
                    "is_platforms",
                    models.BooleanField(default=False, editable=False, verbose_name="the platform's own"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires at")),
                (
                    "ended_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("revoked", "revoked"),
                            ("issuer_left", "its issuer left"),
                            ("issuer_unknown", "issuer unknown"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="ended because",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="issued at")),
                (
                    "issued_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_keys",
                        to="dealers.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key_hash"), name="api_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False),
                            ("issued_by__isnull", False),
                            ("is_platforms", True),
                            _connector="OR",
                        ),
                        name="api_key_answers_to_somebody",
                    ),
                ],
                "indexes": [models.Index(fields=["key_hash"], name="api_key_hash")],
                "verbose_name": "API key",
                "verbose_name_plural": "API keys",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("request_hash", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.BinaryField(default=b"")),
                ("content_type", models.CharField(default="application/json", max_length=100)),
                ("created_at", models.DateTimeField()),
                (
                    "api_key",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="integrations.apikey",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "api_key", "key"), name="idempotency_once")
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        TenantTable("ApiKey", also_readable="key_hash = nullif(current_setting('app.key_hash', true), '')"),
        TenantTable("IdempotencyRecord"),
        migrations.RunSQL(ENTER_BY_KEY, migrations.RunSQL.noop),
    ]
