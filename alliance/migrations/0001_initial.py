import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# The contract of a member (the buyer) with a dealer (the seller) on a day: one row, or none. Of several,
# the one that started last, then the one with the later code; with `p_contract` only that one, if it is in
# force.
CONTRACT_IN_FORCE = """
CREATE FUNCTION contract_in_force(
  p_tenant uuid, p_seller uuid, p_buyer uuid, p_on date, p_contract uuid
)
RETURNS TABLE (
  id uuid, code varchar, starts_on date, until date, delivery_hours integer, late_fee numeric
)
LANGUAGE sql STABLE SECURITY INVOKER ROWS 1 AS $$
  SELECT c.id, c.code, c.starts_on, c.until, c.delivery_hours, c.late_fee FROM alliance_contract c
  WHERE c.tenant_id = p_tenant AND c.member_id = p_buyer AND c.state = 'active'
    AND c.dealer_id = p_seller AND c.starts_on <= p_on AND c.until > p_on
    AND (p_contract IS NULL OR c.id = p_contract)
  ORDER BY c.starts_on DESC, c.code DESC, c.version DESC LIMIT 1
$$
"""

# What was submitted or signed is never edited; only a signed next version shortens a term.
SIGNED_IS_FIXED = """
CREATE FUNCTION refuse_signed_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state IN ('active', 'ended') THEN
      RAISE EXCEPTION 'a contract that was signed is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (OLD.state IN ('active', 'ended') AND NEW.state IN ('draft', 'submitted'))
     OR (OLD.state = 'ended' AND NEW.state <> 'ended') THEN
    RAISE EXCEPTION 'a contract that was signed does not go back' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'draft' AND NEW.state <> 'draft' AND ROW(
       NEW.text, NEW.digest, NEW.code, NEW.version, NEW.manufacturer_id, NEW.dealer_id,
       NEW.member_id, NEW.starts_on, NEW.delivery_hours, NEW.late_fee
     ) IS DISTINCT FROM ROW(
       OLD.text, OLD.digest, OLD.code, OLD.version, OLD.manufacturer_id, OLD.dealer_id,
       OLD.member_id, OLD.starts_on, OLD.delivery_hours, OLD.late_fee) THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Only the next version that all three signed shortens a contract, and to the day it begins on.
  IF OLD.state <> 'draft' AND NEW.state <> 'draft' AND NEW.until <> OLD.until
     AND (OLD.state <> 'active' OR NEW.until > OLD.until OR NOT EXISTS (
       SELECT 1 FROM alliance_contract next WHERE next.tenant_id = OLD.tenant_id AND next.code = OLD.code
       AND next.version > OLD.version AND next.state = 'active' AND next.starts_on = NEW.until)) THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signed_stays BEFORE UPDATE OR DELETE ON alliance_contract
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_contract();

CREATE FUNCTION refuse_signed_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM alliance_contract c WHERE c.tenant_id = OLD.tenant_id
             AND c.id = OLD.contract_id AND c.state <> 'draft') THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signed_stays BEFORE UPDATE OR DELETE ON alliance_spreadterm
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();
CREATE TRIGGER signed_stays BEFORE DELETE ON alliance_contractarea
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();

CREATE FUNCTION refuse_signed_area() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held record;
BEGIN
  SELECT c.state, c.until INTO held FROM alliance_contract c
   WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.contract_id;
  IF held.state IS NULL OR held.state = 'draft' THEN RETURN NEW; END IF;
  IF ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.area, lower(NEW.term), upper(NEW.term))
       IS DISTINCT FROM
     ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.area, lower(OLD.term), held.until)
     OR NOT NEW.term <@ OLD.term THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signed_area_stays BEFORE UPDATE ON alliance_contractarea FOR EACH ROW
  WHEN (ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.area, NEW.term)
        IS DISTINCT FROM ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.area, OLD.term))
  EXECUTE FUNCTION refuse_signed_area();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("dealers", "0001_initial"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "to be signed"),
                            ("active", "active"),
                            ("ended", "ended"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("until", models.DateField(verbose_name="valid through")),
                (
                    "delivery_hours",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="delivered within hours"),
                ),
                (
                    "late_fee",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=12, verbose_name="owed for a late delivery"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        blank=True, editable=False, max_length=64, verbose_name="hash of the text"
                    ),
                ),
                ("text", models.JSONField(default=dict, editable=False, verbose_name="text")),
                (
                    "submitted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="submitted at"),
                ),
                (
                    "activated_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="in force since"),
                ),
                (
                    "dealer",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts_as_dealer",
                        to="dealers.party",
                        verbose_name="dealer",
                    ),
                ),
                (
                    "manufacturer",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dealers.party",
                        verbose_name="manufacturer",
                    ),
                ),
                (
                    "member",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts_as_member",
                        to="dealers.party",
                        verbose_name="member",
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
                    models.UniqueConstraint(fields=("tenant", "code", "version"), name="contract_code"),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("starts_on"))), name="contract_term"
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant", "member", "state"], name="contract_by_member"),
                    models.Index(fields=["tenant", "dealer", "state"], name="contract_by_dealer"),
                ],
                "verbose_name": "contract",
                "verbose_name_plural": "contracts",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ContractArea",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "area",
                    django.contrib.postgres.fields.ranges.BigIntegerRangeField(
                        editable=False, verbose_name="range of region codes"
                    ),
                ),
                (
                    "term",
                    django.contrib.postgres.fields.ranges.DateRangeField(editable=False, verbose_name="term"),
                ),
                ("holds", models.BooleanField(default=False, editable=False, verbose_name="exclusive now")),
                (
                    "category",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="alliance.contract",
                        verbose_name="contract",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "category", "region"), name="contract_area_once"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("holds", True)),
                        expressions=[
                            ("tenant", "="),
                            ("category", "="),
                            ("area", "&&"),
                            ("term", "&&"),
                            ("contract", "<>"),
                        ],
                        name="contract_area_exclusive",
                    ),
                ],
                "verbose_name": "guaranteed region",
                "verbose_name_plural": "guaranteed regions",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
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
                            ("region", "region"),
                            ("term", "term"),
                            ("spread", "price spread"),
                            ("service", "service"),
                        ],
                        max_length=10,
                        verbose_name="guarantee",
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("on", models.DateField(verbose_name="on")),
                ("fulfilled", models.BooleanField(verbose_name="met")),
                (
                    "owed",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="owed"),
                ),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="alliance.contract",
                        verbose_name="contract",
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
                    models.UniqueConstraint(fields=("tenant", "source"), name="evidence_source_once")
                ],
                "indexes": [
                    models.Index(fields=["tenant", "contract", "kind", "on"], name="evidence_of_month")
                ],
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="GuaranteeMonth",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("region", "region"),
                            ("term", "term"),
                            ("spread", "price spread"),
                            ("service", "service"),
                        ],
                        max_length=10,
                        verbose_name="guarantee",
                    ),
                ),
                ("measured", models.PositiveIntegerField(default=0, verbose_name="measured")),
                ("broken", models.PositiveIntegerField(default=0, verbose_name="not met")),
                (
                    "owed",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="owed"),
                ),
                (
                    "booked",
                    models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="booked"),
                ),
                (
                    "bookings",
                    models.PositiveSmallIntegerField(
                        db_default=0, default=0, editable=False, verbose_name="bookings"
                    ),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="months",
                        to="alliance.contract",
                        verbose_name="contract",
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
                    models.UniqueConstraint(
                        fields=("tenant", "month", "contract", "kind"), name="guarantee_month"
                    )
                ],
                "indexes": [
                    models.Index(fields=["tenant", "contract", "month"], name="guarantee_of_contract")
                ],
                "verbose_name": "guarantee of a month",
                "verbose_name_plural": "guarantees of months",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="GuaranteeTotal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("region", "region"),
                            ("term", "term"),
                            ("spread", "price spread"),
                            ("service", "service"),
                        ],
                        max_length=10,
                        verbose_name="guarantee",
                    ),
                ),
                ("measured", models.PositiveBigIntegerField(default=0, verbose_name="measured")),
                ("broken", models.PositiveBigIntegerField(default=0, verbose_name="not met")),
                ("contracts", models.PositiveBigIntegerField(default=0, verbose_name="contracts measured")),
                (
                    "contracts_broken",
                    models.PositiveBigIntegerField(default=0, verbose_name="contracts broken"),
                ),
                (
                    "owed",
                    models.DecimalField(decimal_places=2, default=0, max_digits=18, verbose_name="owed"),
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
                    models.UniqueConstraint(fields=("tenant", "month", "kind"), name="guarantee_total_once")
                ],
                "verbose_name": "guarantee of all contracts",
                "verbose_name_plural": "guarantees of all contracts",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="hash of the text")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="alliance.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "party",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "party", "digest"), name="signature_once"
                    )
                ],
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="SpreadTerm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clause", models.CharField(max_length=20, verbose_name="clause")),
                (
                    "guaranteed",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="guaranteed spread"),
                ),
                (
                    "advised_resale",
                    models.DecimalField(decimal_places=4, max_digits=14, verbose_name="advised resale price"),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spreads",
                        to="alliance.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "product",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.product",
                        verbose_name="product",
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
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "product"), name="spread_term_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("guaranteed__gte", 0)), name="spread_term_guaranteed"
                    ),
                ],
                "verbose_name": "spread term",
                "verbose_name_plural": "spread terms",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        TenantTable("Contract"),
        TenantTable("ContractArea"),
        TenantTable("Signature", append_only=True),
        TenantTable("SpreadTerm"),
        TenantTable("Evidence", append_only=True),
        TenantTable("GuaranteeMonth"),
        TenantTable("GuaranteeTotal"),
        migrations.RunSQL(SIGNED_IS_FIXED, migrations.RunSQL.noop),
        migrations.RunSQL(CONTRACT_IN_FORCE, migrations.RunSQL.noop),
    ]
