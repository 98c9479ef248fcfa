import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import Grant, TenantTable, app_role, run


def refuse_generic_grants(apps, schema_editor):
    """Take the rights to guardian's global tables: it writes them where a model has no direct one."""
    for table in ("guardian_userobjectpermission", "guardian_groupobjectpermission"):
        run(schema_editor, f'REVOKE ALL ON "{table}" FROM "{app_role()}"')


# One statement for the entrance of a signed-in person: `dealers.queries.enter_by_session` calls it.
#
# It runs with the caller's rights, so that row security holds inside it: a person's memberships are
# visible by their id (`app.user`), the rest once the tenant is set. Citus passes on a `SET LOCAL`
# that stands alone.
ENTER_BY_SESSION = """
CREATE FUNCTION enter_by_session(
  p_user_id uuid, p_host text, p_chosen uuid, p_demo_only boolean,
  OUT found_membership dealers_membership,
  OUT found_tenant tenancy_tenant,
  OUT is_here boolean,
  OUT is_entered boolean,
  OUT needs_second_factor boolean
)
RETURNS SETOF record LANGUAGE plpgsql VOLATILE SECURITY INVOKER ROWS 3 AS $$
DECLARE
  v_entered dealers_membership;
  v_second_factor boolean := false;
BEGIN
  EXECUTE format('SET LOCAL app."user" = %L', p_user_id);
  SELECT m.* INTO v_entered FROM dealers_membership m
  JOIN tenancy_tenant t ON t.id = m.tenant_id AND t.is_open AND (t.is_demo OR NOT p_demo_only)
  WHERE m.user_id = p_user_id AND m.is_active
    AND NOT EXISTS (
      SELECT FROM tenancy_tenanthost h WHERE h.host = p_host AND h.tenant_id <> m.tenant_id)
    AND (p_chosen IS NULL OR EXISTS (
      SELECT FROM dealers_membership c
      JOIN tenancy_tenant u ON u.id = c.tenant_id AND u.is_open AND (u.is_demo OR NOT p_demo_only)
      WHERE c.id = p_chosen AND c.user_id = p_user_id AND c.is_active))
  ORDER BY (m.id = p_chosen) IS TRUE DESC, t.slug, m.created_at LIMIT 1;

  IF FOUND THEN
    EXECUTE format('SET LOCAL app.tenant = %L', v_entered.tenant_id);
    SELECT EXISTS (
      SELECT FROM accounts_signinpolicy s
      WHERE s.tenant_id = v_entered.tenant_id AND s.staff_second_factor)
    INTO v_second_factor FROM dealers_party p
    WHERE p.tenant_id = v_entered.tenant_id AND p.id = v_entered.party_id AND p.is_active;
    IF NOT FOUND THEN
      SET LOCAL app.tenant = '';
      v_entered := NULL;
    END IF;
  END IF;

  RETURN QUERY
  SELECT m, t,
    NOT EXISTS (
      SELECT FROM tenancy_tenanthost h WHERE h.host = p_host AND h.tenant_id <> m.tenant_id),
    (m.id = v_entered.id) IS TRUE, v_second_factor
  FROM dealers_membership m JOIN tenancy_tenant t ON t.id = m.tenant_id AND t.is_open
  WHERE m.user_id = p_user_id AND m.is_active AND (t.is_demo OR NOT p_demo_only)
  ORDER BY t.slug, m.created_at;
END
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("guardian", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "code"), name="channel_code")],
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("manufacturer", "manufacturer"),
                            ("dealer", "dealer"),
                            ("member", "alliance member"),
                            ("outlet", "outlet"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("search", models.CharField(blank=True, editable=False, max_length=900)),
                (
                    "uscc",
                    models.CharField(blank=True, max_length=18, verbose_name="unified social credit code"),
                ),
                ("contact", models.CharField(blank=True, max_length=60, verbose_name="contact")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                (
                    "months_below",
                    models.PositiveSmallIntegerField(default=0, verbose_name="months below its bar"),
                ),
                ("tracks_stock", models.BooleanField(default=False, verbose_name="tracks stock here")),
                (
                    "confirms_itself",
                    models.BooleanField(default=False, verbose_name="orders to it are confirmed at once"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="joined on")),
                (
                    "channel",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dealers.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "parent",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="dealers.party",
                        verbose_name="supplied by",
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
                    models.UniqueConstraint(fields=("tenant", "code"), name="party_code"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "manufacturer")),
                        fields=("tenant",),
                        name="party_one_manufacturer",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "kind", "code"], name="party_by_kind"),
                    models.Index(fields=["tenant", "parent"], name="party_by_parent"),
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["tenant", "kind"],
                        name="party_active",
                    ),
                ],
                "verbose_name": "party",
                "verbose_name_plural": "parties",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="MonthInput",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "scale",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="scale"
                    ),
                ),
                (
                    "expertise",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="expertise"
                    ),
                ),
                (
                    "coverage",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="coverage"
                    ),
                ),
                (
                    "growth",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="growth"
                    ),
                ),
                (
                    "collaboration",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="collaboration"
                    ),
                ),
                ("evidence", models.JSONField(default=dict, verbose_name="evidence")),
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
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="dealers.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "month", "party"), name="month_input_once")
                ],
                "verbose_name": "month's dimensions",
                "verbose_name_plural": "months' dimensions",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("director", "channel director"),
                            ("region_manager", "region manager"),
                            ("sales_rep", "sales representative"),
                            ("finance", "finance"),
                            ("supervisor", "market supervisor"),
                            ("account_manager", "account manager"),
                            ("warehouse", "warehouse"),
                            ("owner", "owner"),
                            ("purchaser", "purchaser"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
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
                ("party_name", models.CharField(editable=False, max_length=200, verbose_name="party")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="joined")),
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="dealers.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "user", "party"), name="membership_once")
                ],
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("director", "channel director"),
                            ("region_manager", "region manager"),
                            ("sales_rep", "sales representative"),
                            ("finance", "finance"),
                            ("supervisor", "market supervisor"),
                            ("account_manager", "account manager"),
                            ("warehouse", "warehouse"),
                            ("owner", "owner"),
                            ("purchaser", "purchaser"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
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
                ("party_name", models.CharField(editable=False, max_length=200, verbose_name="party")),
                ("username", models.CharField(blank=True, max_length=150, verbose_name="user name")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, verbose_name="hash of the link"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "awaiting an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("invited_at", models.DateTimeField(verbose_name="invited at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered at")),
                (
                    "invited_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
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
                (
                    "user",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="dealers.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "token_hash"), name="invitation_token_once")
                ],
                "indexes": [
                    models.Index(fields=["token_hash"], name="invitation_token"),
                    models.Index(fields=["tenant", "party", "state"], name="invitation_of_party"),
                ],
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "code",
                    models.CharField(max_length=12, primary_key=True, serialize=False, verbose_name="code"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("full_name", models.CharField(max_length=200, verbose_name="full name")),
                ("depth", models.PositiveSmallIntegerField(verbose_name="depth")),
                ("start", models.BigIntegerField()),
                ("end", models.BigIntegerField()),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dealers.region",
                        verbose_name="parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
            },
        ),
        migrations.AddField(
            model_name="party",
            name="region",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="dealers.region",
                verbose_name="region",
            ),
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "code"), name="tag_code")],
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PartyTag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tags",
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
                (
                    "tag",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="dealers.tag",
                        verbose_name="tag",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "party", "tag"), name="party_tag_once")
                ],
                "verbose_name": "tag of a party",
                "verbose_name_plural": "tags of parties",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Territory",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
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
                "constraints": [models.UniqueConstraint(fields=("tenant", "code"), name="territory_code")],
                "verbose_name": "territory",
                "verbose_name_plural": "territories",
                "permissions": [("manage_territory", "Can manage the parties of this territory")],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TerritoryArea",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dealers.region",
                        verbose_name="region",
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
                (
                    "territory",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="dealers.territory",
                        verbose_name="territory",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "territory", "region"), name="territory_area_once"
                    )
                ],
                "verbose_name": "region of a territory",
                "verbose_name_plural": "regions of territories",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TerritoryGroupObjectPermission",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "content_object",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="dealers.territory",
                    ),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                (
                    "permission",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
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
                    models.UniqueConstraint(
                        fields=("tenant", "group", "permission", "content_object"),
                        name="territory_group_grant",
                    )
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TerritoryUserObjectPermission",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "content_object",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="dealers.territory",
                    ),
                ),
                (
                    "permission",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "user", "permission", "content_object"), name="territory_user_grant"
                    )
                ],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Tier",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "from_score",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="from score"),
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
                    models.UniqueConstraint(fields=("tenant", "code"), name="tier_code"),
                    models.UniqueConstraint(fields=("tenant", "from_score"), name="tier_from_score"),
                ],
                "verbose_name": "tier",
                "verbose_name_plural": "tiers",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="party",
            name="tier",
            field=tenancy.models.base.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="dealers.tier",
                verbose_name="tier",
            ),
        ),
        migrations.CreateModel(
            name="TierMonth",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "score",
                    models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name="score"),
                ),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("stay", "stays"),
                            ("promote", "promoted"),
                            ("warn", "warned"),
                            ("demote", "demoted"),
                            ("low_confidence", "too little data"),
                        ],
                        max_length=14,
                        verbose_name="move",
                    ),
                ),
                (
                    "months_below",
                    models.PositiveSmallIntegerField(default=0, verbose_name="months below the bar"),
                ),
                ("reasons", models.JSONField(default=dict, verbose_name="reasons")),
                (
                    "before",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.tier",
                        verbose_name="tier before",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tier_months",
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
                (
                    "tier",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.tier",
                        verbose_name="tier",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "month", "party"), name="tier_month_once")
                ],
                "indexes": [models.Index(fields=["tenant", "party", "-month"], name="tier_history")],
                "verbose_name": "scorecard",
                "verbose_name_plural": "scorecards",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                fields=["tenant", "region", "kind"], include=("id", "is_active"), name="party_of_region"
            ),
        ),
        TenantTable("Territory"),
        TenantTable("TerritoryArea"),
        TenantTable("TerritoryUserObjectPermission"),
        TenantTable("TerritoryGroupObjectPermission"),
        TenantTable("Tier"),
        TenantTable("Channel"),
        TenantTable("Party"),
        TenantTable("MonthInput"),
        TenantTable("TierMonth", append_only=True),
        TenantTable("Tag"),
        TenantTable("PartyTag"),
        TenantTable(
            "Membership", also_readable="user_id = nullif(current_setting('app.user', true), '')::uuid"
        ),
        TenantTable(
            "Invitation",
            also_readable="user_id = nullif(current_setting('app.user', true), '')::uuid"
            " OR token_hash = nullif(current_setting('app.invitation', true), '')",
        ),
        Grant("Region", "SELECT"),
        migrations.RunPython(refuse_generic_grants, migrations.RunPython.noop),
        migrations.RunSQL(ENTER_BY_SESSION, migrations.RunSQL.noop),
    ]
